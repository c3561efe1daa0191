// What --help and `crm help` print, made from the specs; examples first.
#pragma once

#include <string>
#include <string_view>

#include "spec/command_spec.h"

namespace crm::cmd {

// Of the program as a whole: what it is for, kinds, commands, global options.
std::string overall_help();
// Of a kind or another group: its verbs.
std::string group_help(std::string_view group);
std::string command_help(const CommandSpec& spec);
std::string exit_codes_help();

// The whole command tree for machines: one JSON document with a line break at its end.
std::string help_as_json();

// "-o, --output FORMAT", and behind its help text what a list of choices and the environment add to it.
std::string option_usage(const OptionSpec& option);
std::string option_help(const OptionSpec& option);

}  // namespace crm::cmd
