// Reads the words of a command line by the command's spec. The only room that knows CLI11.
#pragma once

#include <crm/error.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "parse/arguments.h"
#include "spec/command_spec.h"

namespace crm::cmd {

// Options that are looked up only when the line has one that the spec does not know: custom fields. `known`
// are the options that the spec does know.
using MoreOptions = std::function<std::vector<OptionSpec>(const Arguments& known)>;

// `line`: what follows the program's name, without the words of the command. Throws Error{usage} for an
// unknown option, a value that is missing or of the wrong type, and an argument too few or too many.
Arguments parse(std::shared_ptr<const CommandSpec> spec, const std::vector<std::string>& line,
                const MoreOptions& more_options);

// Error{usage} for an option that the spec does not have, with the nearest one.
Error unknown_option(std::string_view word, const CommandSpec& spec);

// Throws Error{usage} for an argument that is not valid UTF-8.
void check_utf8(const std::vector<std::string>& line);

}  // namespace crm::cmd
