#include "manual/help.h"

#include <crm/text.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "commands/registry.h"
#include "manual/exit_codes.h"

namespace crm::cmd {
namespace {

constexpr std::size_t kLine = 80;
constexpr std::size_t kMostLeft = 26;  // a longer left column has its text on the next line

using Pairs = std::vector<std::pair<std::string, std::string>>;

void append_heading(std::string& out, std::string_view heading) {
  if (!out.empty()) out += '\n';
  out += heading;
  out += '\n';
}

// The text in lines of up to kLine cells, each but the first after `indent` spaces.
void append_wrapped(std::string& out, std::string_view text, std::size_t indent) {
  std::size_t column = indent;
  bool first = true;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    const std::size_t width = display_width(word);
    if (!first && column + 1 + width > kLine) {
      out += '\n';
      out.append(indent, ' ');
      column = indent;
    } else if (!first) {
      out += ' ';
      ++column;
    }
    out += word;
    column += width;
    first = false;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  out += '\n';
}

void append_pairs(std::string& out, const Pairs& pairs) {
  std::size_t left = 0;
  for (const auto& pair : pairs) {
    const std::size_t width = display_width(pair.first);
    if (width <= kMostLeft) left = std::max(left, width);
  }
  for (const auto& [name, text] : pairs) {
    const std::size_t width = display_width(name);
    out += "  " + name;
    if (width > left) {
      out += '\n';
      out.append(left + 4, ' ');
    } else {
      out.append(left - width + 2, ' ');
    }
    append_wrapped(out, text, left + 4);
  }
}

void append_examples(std::string& out, const std::vector<Example>& examples) {
  append_heading(out, "EXAMPLES");
  for (const Example& example : examples) {
    out += "  " + example.command + "\n      ";
    append_wrapped(out, example.meaning, 6);
  }
}

// A paragraph that begins with a space stands as it is.
void append_paragraphs(std::string& out, std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find("\n\n"), text.size());
    out += '\n';
    if (text.front() == ' ') {
      out.append(text.substr(0, end)).append(1, '\n');
    } else {
      append_wrapped(out, text.substr(0, end), 0);
    }
    text.remove_prefix(std::min(end + 2, text.size()));
  }
}

Pairs described(const std::vector<OptionSpec>& options) {
  Pairs pairs;
  for (const OptionSpec& option : options) pairs.emplace_back(option_usage(option), option_help(option));
  return pairs;
}

Pairs summaries(std::string_view group) {
  Pairs pairs;
  for (const CommandSpec& spec : commands_of(group)) {
    const std::string path = spec.path();
    pairs.emplace_back(group.empty() ? path : path.substr(path.find(' ') + 1), spec.summary);
  }
  return pairs;
}

std::string first_sentence(const CommandSpec& spec) {
  return "crm " + spec.path() + " - " + spec.summary + '\n';
}

}  // namespace

std::string option_usage(const OptionSpec& option) {
  std::string usage = option.letter != 0 ? std::string("-") + option.letter + ", " : "    ";
  usage += "--" + option.name;
  if (!option.value.empty()) usage += ' ' + option.value;
  return usage;
}

std::string option_help(const OptionSpec& option) {
  std::string help = option.help;
  if (!option.choices.empty()) {
    help += ':';
    for (const std::string& choice : option.choices) help += (help.back() == ':' ? " " : ", ") + choice;
  }
  if (option.repeated) help += " (may be repeated)";
  if (!option.environment.empty()) help += " [$" + option.environment + ']';
  return help;
}

std::string command_help(const CommandSpec& spec) {
  std::string out = first_sentence(spec);
  append_examples(out, spec.examples);
  append_heading(out, "USAGE");
  out += "  " + spec.synopsis() + '\n';
  append_paragraphs(out, spec.details);
  if (!spec.arguments.empty()) {
    append_heading(out, "ARGUMENTS");
    Pairs pairs;
    for (const ArgumentSpec& argument : spec.arguments) pairs.emplace_back(argument.name, argument.help);
    append_pairs(out, pairs);
  }
  if (!spec.options.empty()) {
    append_heading(out, "OPTIONS");
    append_pairs(out, described(spec.options));
  }
  append_heading(out, "OPTIONS OF EVERY COMMAND");
  append_pairs(out, described(global_options()));
  return out;
}

// One of each of the first verbs, the commonest before others.
std::vector<Example> examples_of(std::string_view group) {
  constexpr std::size_t kMost = 3;
  std::vector<CommandSpec> commands = commands_of(group);
  std::stable_partition(commands.begin(), commands.end(), [](const CommandSpec& spec) {
    return spec.words.back() == "add" || spec.words.back() == "list";
  });
  std::vector<Example> examples;
  for (std::size_t i = 0; i < std::min(kMost, commands.size()); ++i) {
    if (!commands[i].examples.empty()) examples.push_back(commands[i].examples.front());
  }
  return examples;
}

std::string group_help(std::string_view group) {
  std::string out = "crm " + std::string(group) + " - " + group_summary(group) + '\n';
  append_examples(out, examples_of(group));
  append_heading(out, "COMMANDS");
  append_pairs(out, summaries(group));
  append_heading(out, "More about each: crm " + std::string(group) + " VERB --help");
  return out;
}

std::string exit_codes_help() {
  std::string out = "crm - exit codes, stable for ever\n\n";
  Pairs codes;
  for (const ExitCode& code : exit_codes()) codes.emplace_back(std::to_string(code.code), code.meaning);
  append_pairs(out, codes);
  return out;
}

std::string overall_help() {
  std::string out = "crm - customers, leads and follow-ups from the command line\n";
  append_examples(out, {{"crm init", "make the database"},
                        {"crm lead add 王芳 --phone 13800138000 --source web", "add a lead"},
                        {"crm lead list stage=new 'amount>=5000' --sort -amount", "find leads"}});
  append_heading(out, "USAGE");
  out += "  crm COMMAND [ARGUMENTS] [OPTIONS]\n  crm KIND VERB [ARGUMENTS] [OPTIONS]\n";
  append_heading(out, "KINDS AND THEIR VERBS");
  Pairs kinds;
  for (const std::string& group : groups()) {
    std::string verbs;
    for (const std::string& verb : next_words(group)) verbs += (verbs.empty() ? "" : ", ") + verb;
    kinds.emplace_back(group, verbs);
  }
  append_pairs(out, kinds);
  append_heading(out, "COMMANDS");
  append_pairs(out, summaries({}));
  append_heading(out, "OPTIONS OF EVERY COMMAND");
  append_pairs(out, described(global_options()));
  append_heading(out, "More about each: crm KIND VERB --help, crm COMMAND --help");
  out += "Exit codes: crm help exit-codes\n";
  return out;
}

}  // namespace crm::cmd
