// What the exit codes of the program mean.
#pragma once

#include <span>
#include <string_view>

namespace crm::cmd {

struct ExitCode {
  int code;
  std::string_view meaning;
};

// In the order of their numbers; those of signals, which a shell makes, included.
std::span<const ExitCode> exit_codes();

}  // namespace crm::cmd
