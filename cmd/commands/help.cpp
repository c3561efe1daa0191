#include "manual/help.h"

#include <crm/error.h>

#include "app/context.h"
#include "commands/commands.h"
#include "commands/registry.h"
#include "parse/arguments.h"

namespace crm::cmd {
namespace {

int run_help(Context& context, const Arguments& arguments) {
  if (arguments.has("json")) {
    context.out().write(help_as_json());
    return 0;
  }
  const std::vector<std::string>& words = arguments.arguments("COMMAND");
  if (words.empty()) {
    context.out().write(overall_help());
  } else if (const auto found = find_command(words); found && found->words_used == words.size()) {
    context.out().write(command_help(*found->spec));
  } else if (words.size() == 1 && words[0] == "exit-codes") {
    context.out().write(exit_codes_help());
  } else if (words.size() == 1 && is_group(words[0])) {
    context.out().write(group_help(words[0]));
  } else {
    throw unknown_command(words);
  }
  return 0;
}

}  // namespace

CommandSpec help_command() {
  CommandSpec spec;
  spec.words = {"help"};
  spec.summary = "explain a command, or list all of them";
  spec.examples = {{"crm help lead add", "what 'crm lead add --help' says"},
                   {"crm help exit-codes", "what the program's exit codes mean"},
                   {"crm help --json", "every command, argument and option, for machines"}};
  spec.arguments = {{.name = "COMMAND",
                     .help = "its words",
                     .required = false,
                     .repeated = true,
                     .completion = Completion::command}};
  spec.options = {{.name = "json", .help = "the whole command tree as one JSON document"}};
  spec.run = run_help;
  return spec;
}

}  // namespace crm::cmd
