#include "outbox/program.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
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

struct ChildStart {
  const char* path;
  char* const* arguments;
  char* const* environment;
  int input;
  int output;
  int report;  // takes the reason where it cannot start; closed by a start
  pid_t parent;
};

// What the child does: only calls that are safe between fork() and exec.
[[noreturn]] void start(const ChildStart& child) {
  // Killed together with us it has, more often than not, not handed the message on: fewer go out twice.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != child.parent) ::_exit(EXIT_FAILURE);
  for (const int number : {SIGPIPE, SIGXFSZ, SIGINT, SIGTERM, SIGHUP}) ::signal(number, SIG_DFL);
  if (::dup2(child.input, STDIN_FILENO) >= 0 && ::dup2(child.output, STDOUT_FILENO) >= 0 &&
      ::dup2(child.output, STDERR_FILENO) >= 0) {
    ::execve(child.path, child.arguments, child.environment);
  }
  const int reason = errno;
  if (::write(child.report, &reason, sizeof reason) < 0) ::_exit(EXIT_FAILURE);
  ::_exit(EXIT_FAILURE);
}

struct Pipe {
  Pipe() : Pipe(make()) {}
  Descriptor reading;
  Descriptor writing;

 private:
  explicit Pipe(std::array<int, 2> ends) : reading(ends[0]), writing(ends[1]) {}
  static std::array<int, 2> make() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) fail("make a pipe");
    return ends;
  }
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
  Pipe output;
  Pipe report;
  const std::vector<char*> arguments = pointers(&run.path, run.arguments);
  const std::vector<char*> environment = pointers(nullptr, run.environment);
  const ChildStart how{run.path.c_str(),        arguments.data(),        environment.data(), input.number(),
                       output.writing.number(), report.writing.number(), ::getpid()};
  const pid_t child = ::fork();
  if (child < 0) fail("start a process");
  if (child == 0) start(how);
  output.writing.close();
  report.writing.close();
  int reason = 0;
  if (::read(report.reading.number(), &reason, sizeof reason) == sizeof reason) {
    int status = 0;
    ::waitpid(child, &status, 0);
    return {ProgramEnd::How::not_started, reason, {}};
  }
  return wait_for(child, output.reading.number(), run.limit);
}

}  // namespace crm
