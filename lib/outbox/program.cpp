#include "outbox/program.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <thread>

#include "crm/error.h"
#include "outbox/descriptor.h"

namespace crm {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMaxSaid = 1000;  // bytes kept of what it printed

[[noreturn]] void fail(const char* what) {
  const int reason = errno;
  throw Error(ErrorCode::io, std::string("cannot ") + what + ": " + std::strerror(reason));
}

// The input as a file in memory: should we be killed, the program still reads all of it, never half a
// message.
void fill_input(const Descriptor& file, std::string_view input) {
  if (!file.is_open() || !file.write_all(input) || ::lseek(file.number(), 0, SEEK_SET) != 0)
    fail("make a file in memory");
}

std::vector<char*> pointers(const std::string* first, const std::vector<std::string>& texts) {
  std::vector<char*> result;
  if (first != nullptr) result.push_back(const_cast<char*>(first->c_str()));
  for (const std::string& text : texts) result.push_back(const_cast<char*>(text.c_str()));
  result.push_back(nullptr);
  return result;
}

// How a child begins: these streams, all signals as the system has them by default.
class SpawnSettings {
 public:
  SpawnSettings(int input, int output) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_adddup2(&actions_, input, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, output, STDERR_FILENO);
    posix_spawnattr_init(&attributes_);
    sigset_t signals;
    sigemptyset(&signals);
    posix_spawnattr_setsigmask(&attributes_, &signals);
    for (const int signal : {SIGPIPE, SIGXFSZ, SIGINT, SIGTERM, SIGHUP}) sigaddset(&signals, signal);
    posix_spawnattr_setsigdefault(&attributes_, &signals);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  }
  ~SpawnSettings() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;
  const posix_spawn_file_actions_t* actions() const { return &actions_; }
  const posix_spawnattr_t* attributes() const { return &attributes_; }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

ProgramEnd end_of(int status, std::string said) {
  if (WIFSIGNALED(status)) return {ProgramEnd::How::killed, WTERMSIG(status), std::move(said)};
  return {ProgramEnd::How::exited, WEXITSTATUS(status), std::move(said)};
}

// False at the end of the output. Waits a moment for some.
bool read_some(int output, std::string& said) {
  pollfd waiting{output, POLLIN, 0};
  constexpr int kMoment = 50;  // ms
  if (::poll(&waiting, 1, kMoment) <= 0) return true;
  std::array<char, 512> bytes;
  const ssize_t size = ::read(output, bytes.data(), bytes.size());
  if (size <= 0) return size < 0 && errno == EINTR;
  said.append(bytes.data(), std::min(static_cast<std::size_t>(size), kMaxSaid - said.size()));
  return true;
}

// What it leaves running in the background may keep the output open: its own end counts.
ProgramEnd wait_for(pid_t child, int output, std::chrono::seconds limit) {
  const Clock::time_point deadline = Clock::now() + limit;
  std::string said;
  bool open = true;
  for (int status = 0;;) {
    if (open) open = read_some(output, said);
    const bool ended = ::waitpid(child, &status, WNOHANG) == child;
    if (ended) {
      while (open && said.size() < kMaxSaid) {
        const std::size_t before = said.size();
        open = read_some(output, said);
        if (said.size() == before) break;
      }
      return end_of(status, std::move(said));
    }
    if (Clock::now() >= deadline) {
      ::kill(child, SIGKILL);
      ::waitpid(child, &status, 0);
      return {ProgramEnd::How::timed_out, 0, std::move(said)};
    }
    if (!open) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

}  // namespace

ProgramEnd run_program(const ProgramRun& run) {
  const Descriptor input(::memfd_create("message", MFD_CLOEXEC));
  fill_input(input, run.input);
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) fail("make a pipe");
  const Descriptor output(ends[0]);
  Descriptor output_of_child(ends[1]);
  const SpawnSettings settings(input.number(), output_of_child.number());
  const std::vector<char*> arguments = pointers(&run.path, run.arguments);
  const std::vector<char*> environment = pointers(nullptr, run.environment);
  pid_t child = 0;
  const int fault = ::posix_spawn(&child, run.path.c_str(), settings.actions(), settings.attributes(),
                                  arguments.data(), environment.data());
  output_of_child.close();
  if (fault != 0) return {ProgramEnd::How::not_started, fault, {}};
  return wait_for(child, output.number(), run.limit);
}

}  // namespace crm
