#include "spec/command_spec.h"

#include <algorithm>

namespace crm::cmd {
namespace {

const OptionSpec* find_name(const std::vector<OptionSpec>& options, std::string_view long_name) {
  const auto found = std::find_if(options.begin(), options.end(),
                                  [&](const OptionSpec& option) { return option.name == long_name; });
  return found == options.end() ? nullptr : &*found;
}

const OptionSpec* find_letter(const std::vector<OptionSpec>& options, char letter) {
  const auto found = std::find_if(options.begin(), options.end(), [&](const OptionSpec& option) {
    return letter != 0 && option.letter == letter;
  });
  return found == options.end() ? nullptr : &*found;
}

}  // namespace

std::string CommandSpec::path() const {
  std::string path;
  for (const std::string& word : words) {
    if (!path.empty()) path += ' ';
    path += word;
  }
  return path;
}

std::string CommandSpec::synopsis() const {
  std::string text = "crm " + path();
  for (const ArgumentSpec& argument : arguments) {
    const std::string name = argument.name + (argument.repeated ? "..." : "");
    text += argument.required ? ' ' + name : " [" + name + ']';
  }
  if (!options.empty()) text += " [OPTIONS]";
  return text;
}

const std::vector<OptionSpec>& global_options() {
  static const std::vector<OptionSpec> options{
      {.name = "db",
       .help = "the database; default $XDG_DATA_HOME/crm/crm.db",
       .value = "PATH",
       .type = ValueType::text,
       .completion = Completion::file,
       .environment = "CRM_DB"},
      {.name = "output",
       .help = "format of the result; default: table on a terminal, tsv in a pipe",
       .value = "FORMAT",
       .type = ValueType::choice,
       .choices = {"table", "json", "jsonl", "csv", "tsv", "yaml", "ids"},
       .letter = 'o',
       .completion = Completion::choices},
      {.name = "fields",
       .help = "the columns, in order, separated by commas; 'help' lists them",
       .value = "A,B,C",
       .type = ValueType::text,
       .completion = Completion::field},
      {.name = "no-color", .help = "no colour, whatever the terminal can do", .environment = "NO_COLOR"},
      {.name = "quiet",
       .help = "print no message but errors, and no records that were written",
       .letter = 'q'},
      {.name = "verbose", .help = "say what is done, on the standard error", .letter = 'v'},
      {.name = "dry-run", .help = "print what would change and change nothing", .letter = 'n'},
      {.name = "as",
       .help = "act as this user; default: the user of the operating system",
       .value = "USER",
       .type = ValueType::text,
       .completion = Completion::user,
       .environment = "CRM_USER"},
      {.name = "now",
       .help = "act as if it were this time",
       .value = "TIME",
       .type = ValueType::text,
       .environment = "CRM_NOW"},
      {.name = "timeout",
       .help = "how long to wait for a busy database; default 10",
       .value = "SECONDS",
       .type = ValueType::count},
      {.name = "version", .help = "print the version"},
      {.name = "help", .help = "print what the command does, examples first", .letter = 'h'},
  };
  return options;
}

const OptionSpec* find_option(const CommandSpec& spec, std::string_view long_name) {
  const OptionSpec* own = find_name(spec.options, long_name);
  return own != nullptr ? own : find_name(global_options(), long_name);
}

const OptionSpec* find_option(const CommandSpec& spec, char letter) {
  const OptionSpec* own = find_letter(spec.options, letter);
  return own != nullptr ? own : find_letter(global_options(), letter);
}

}  // namespace crm::cmd
