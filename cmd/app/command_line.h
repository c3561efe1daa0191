// The command line as the change log keeps it.
#pragma once

#include <span>
#include <string>

#include "spec/command_spec.h"

namespace crm::cmd {

// "crm lead add 王芳 --phone '138 0013 8000'": words in quotes where a shell needs them, values of sensitive
// fields as ***.
std::string logged_line(const CommandSpec& spec, std::span<const std::string> line);

}  // namespace crm::cmd
