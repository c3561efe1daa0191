#include "outbox/lease.h"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <fstream>
#include <optional>
#include <sstream>

#include "base/digest.h"

namespace crm {
namespace {

// Stands for what the system does not tell. Random, so that no other process has it and no lease seems to be
// of the same place.
const std::string& unknown() {
  static const std::string text = hex(random_bytes(8));
  return text;
}

std::string boot_id() {
  std::ifstream file("/proc/sys/kernel/random/boot_id");
  std::string id;
  return file >> id ? id : unknown();
}

// Process ids of two containers say nothing of each other.
std::string process_id_namespace() {
  std::array<char, 64> target;
  const ssize_t size = ::readlink("/proc/self/ns/pid", target.data(), target.size());
  return size > 0 ? std::string(target.data(), static_cast<std::size_t>(size)) : unknown();
}

constexpr int kStateField = 3;
// In place of a start: the process has ended, and whoever started it has not asked for its exit code yet.
constexpr const char* kEnded = "ended";

// In clock ticks since the boot; nothing where the system does not tell.
std::optional<std::string> start_of(pid_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/stat");
  std::string line;
  if (!std::getline(file, line)) return std::nullopt;
  // The program's name stands in brackets and may hold anything; what follows it begins with the third field,
  // the state.
  std::istringstream rest(line.substr(line.rfind(')') + 1));
  constexpr int kStart = 22;
  std::string word;
  for (int field = kStateField; field <= kStart; ++field) {
    if (!(rest >> word)) return std::nullopt;
    if (field == kStateField && (word == "Z" || word == "X")) return kEnded;
  }
  return word;
}

std::string this_place() {
  return boot_id() + ' ' + process_id_namespace() + ' ';
}

bool is_gone(pid_t process, const std::string& start) {
  if (::kill(process, 0) != 0 && errno == ESRCH) return true;
  const auto present = start_of(process);
  return present && *present != start;
}

}  // namespace

std::string lease_of_this_process() {
  const pid_t self = ::getpid();
  return this_place() + std::to_string(self) + ' ' + start_of(self).value_or(unknown());
}

bool is_lease_free(std::string_view lease, Moment until, Moment now) {
  if (until <= now || until > now + kLeaseTime) return true;
  const std::string here = this_place();
  if (!lease.starts_with(here)) return false;
  std::istringstream rest{std::string(lease.substr(here.size()))};
  pid_t process = 0;
  std::string start;
  return !(rest >> process >> start) || is_gone(process, start);
}

}  // namespace crm
