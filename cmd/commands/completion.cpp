#include "manual/completion.h"

#include <crm/text.h>

#include "app/context.h"
#include "commands/commands.h"
#include "parse/arguments.h"
#include "parse/token.h"

namespace crm::cmd {
namespace {

int run_completion(Context& context, const Arguments& arguments) {
  context.out().write(completion_script(arguments.argument("SHELL")));
  return 0;
}

// The global options of the line that is being typed hold for looking up names: --db, --as.
Settings settings_of(const std::vector<std::string>& words, const Context& context) {
  static const auto kOnlyGlobal = std::make_shared<const CommandSpec>();
  Arguments::Values options;
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    const Token token = classify(words[i], *kOnlyGlobal);
    if (!token.takes_next) continue;
    options[token.option->name] = {words[i + 1]};
    ++i;
  }
  options.erase("output");
  options.erase("timeout");
  return resolve_settings(Arguments(kOnlyGlobal, options, {}), context.environment());
}

int run_complete(Context& context, const Arguments& arguments) {
  const std::vector<std::string>& words = arguments.arguments("WORD");
  Context typed(context.environment(), settings_of(words, context), Needs::reading, {}, context.out(),
                context.messages());
  for (const Candidate& candidate : complete(typed, words)) {
    std::string line = visible(candidate.text);
    if (!candidate.description.empty()) line += '\t' + visible(candidate.description);
    context.out().write(line + '\n');
  }
  return 0;
}

}  // namespace

CommandSpec completion_command() {
  CommandSpec spec;
  spec.words = {"completion"};
  spec.summary = "print the completion script of a shell";
  spec.details =
      "It completes commands, options and choices, and from the database numbers, users, teams, stages and "
      "fields.";
  spec.examples = {{"eval \"$(crm completion bash)\"", "for this shell; put it into ~/.bashrc for all"},
                   {"crm completion fish > ~/.config/fish/completions/crm.fish", "for fish"}};
  spec.arguments = {{.name = "SHELL",
                     .help = "bash, zsh or fish",
                     .choices = {"bash", "zsh", "fish"},
                     .completion = Completion::choices}};
  spec.run = run_completion;
  return spec;
}

CommandSpec complete_command() {
  CommandSpec spec;
  spec.words = {"__complete"};
  spec.summary = "what may stand in place of the last word; for completion scripts";
  spec.arguments = {
      {.name = "WORD", .help = "the words typed so far, behind '--'", .required = false, .repeated = true}};
  spec.needs = Needs::reading;
  spec.run = run_complete;
  return spec;
}

}  // namespace crm::cmd
