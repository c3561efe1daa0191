#include "manual/man_page.h"

#include <algorithm>
#include <utility>

#include "commands/registry.h"
#include "manual/exit_codes.h"
#include "manual/help.h"

namespace crm::cmd {
namespace {

// Text as roff: no character of it is a request or an escape.
std::string escaped(std::string_view text) {
  std::string out;
  bool line_start = true;
  for (const char c : text) {
    if (line_start && (c == '.' || c == '\'')) out += "\\&";
    line_start = c == '\n';
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else if (c == '\'') {
      out += "\\(aq";
    } else {
      out += c;
    }
  }
  return out;
}

std::string quoted_argument(std::string_view text) {
  std::string out = "\"";
  for (const char c : escaped(text)) {
    if (c == '"') {
      out += "\\(dq";
    } else {
      out += c;
    }
  }
  return out + '"';
}

void append_header(std::string& out, std::string_view name, std::string_view summary) {
  std::string title(name);
  std::transform(title.begin(), title.end(), title.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  out += ".TH " + quoted_argument(title) + " 1 \"\" \"crm " CRM_VERSION "\" \"crm manual\"\n";
  out += ".SH NAME\n" + escaped(name) + " \\- " + escaped(summary) + '\n';
}

void append_tagged(std::string& out, std::string_view tag, std::string_view text) {
  out += ".TP\n.B " + quoted_argument(tag) + '\n' + escaped(text) + '\n';
}

std::string without_margin(std::string text) {
  text.erase(0, text.find_first_not_of(' '));
  return text;
}

void append_options(std::string& out, const std::vector<OptionSpec>& options) {
  for (const OptionSpec& option : options)
    append_tagged(out, without_margin(option_usage(option)), option_help(option));
}

void append_tagged_examples(std::string& out, const std::vector<Example>& examples) {
  for (const Example& example : examples) append_tagged(out, example.command, example.meaning);
}

void append_roff_paragraphs(std::string& out, std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find("\n\n"), text.size());
    const bool as_it_is = text.front() == ' ';
    out += as_it_is ? ".PP\n.EX\n" : ".PP\n";
    out += escaped(text.substr(0, end)) + '\n';
    if (as_it_is) out += ".EE\n";
    text.remove_prefix(std::min(end + 2, text.size()));
  }
}

void append_arguments(std::string& out, const CommandSpec& spec) {
  for (const ArgumentSpec& argument : spec.arguments) append_tagged(out, argument.name, argument.help);
  append_options(out, spec.options);
}

void append_see_also(std::string& out, std::string_view name) {
  out += ".SH SEE ALSO\n";
  std::vector<std::string> others = man_pages();
  others.erase(std::remove(others.begin(), others.end(), name), others.end());
  if (name != "crm") others.resize(1);
  for (std::size_t i = 0; i < others.size(); ++i) {
    out += ".BR " + escaped(others[i]) + " (1)" + (i + 1 < others.size() ? ",\n" : "\n");
  }
}

std::string overview_page(std::string_view prose) {
  std::string out;
  append_header(out, "crm", "customers, leads and follow-ups from the command line");
  out +=
      ".SH SYNOPSIS\n.B crm\n.I KIND VERB\n[\\fIARGUMENTS\\fR] [\\fIOPTIONS\\fR]\n.br\n.B crm\n.I "
      "COMMAND\n[\\fIARGUMENTS\\fR] [\\fIOPTIONS\\fR]\n";
  out += ".SH DESCRIPTION\n";
  out += prose.empty() ? "A command\\-line CRM toolkit.\n" : prose;
  out += ".SH KINDS\n";
  for (const std::string& group : groups()) {
    std::string verbs;
    for (const std::string& verb : next_words(group)) verbs += (verbs.empty() ? "" : ", ") + verb;
    append_tagged(out, group, verbs);
  }
  out += ".SH COMMANDS\n";
  for (const CommandSpec& spec : commands_of({})) append_tagged(out, spec.path(), spec.summary);
  out += ".SH OPTIONS OF EVERY COMMAND\n";
  append_options(out, global_options());
  out += ".SH EXIT STATUS\n";
  for (const ExitCode& code : exit_codes()) append_tagged(out, std::to_string(code.code), code.meaning);
  append_see_also(out, "crm");
  return out;
}

// The commands of a page: a group's name may be a command itself ("crm import", "crm import list").
std::vector<CommandSpec> commands_of_page(std::string_view group) {
  std::vector<CommandSpec> specs = commands_of(group);
  const std::vector<std::string> word{std::string(group)};
  if (auto own = find_command(word)) specs.insert(specs.begin(), *own->spec);
  return specs;
}

std::string group_page(std::string_view name, std::string_view group, std::string_view prose) {
  std::string out;
  const std::vector<std::string> own_word{std::string(group)};
  const auto own = find_command(own_word);
  append_header(out, name, own ? own->spec->summary : group_summary(group));
  out += ".SH SYNOPSIS\n.B crm " + escaped(group) + "\n.I VERB\n[\\fIARGUMENTS\\fR] [\\fIOPTIONS\\fR]\n";
  if (!prose.empty()) out += ".SH DESCRIPTION\n" + std::string(prose);
  out += ".SH COMMANDS\n";
  for (const CommandSpec& spec : commands_of_page(group)) {
    out += ".SS " + quoted_argument(spec.synopsis()) + '\n' + escaped(spec.summary) + ".\n";
    append_roff_paragraphs(out, spec.details);
    append_tagged_examples(out, spec.examples);
    append_arguments(out, spec);
  }
  append_see_also(out, name);
  return out;
}

std::string command_page(std::string_view name, const CommandSpec& spec, std::string_view prose) {
  std::string out;
  append_header(out, name, spec.summary);
  out += ".SH SYNOPSIS\n.B " + escaped(spec.synopsis()) + "\n.SH EXAMPLES\n";
  append_tagged_examples(out, spec.examples);
  if (!spec.details.empty() || !prose.empty()) out += ".SH DESCRIPTION\n";
  if (!spec.details.empty()) {
    std::string details;
    append_roff_paragraphs(details, spec.details);
    out += details.substr(details.find('\n') + 1);
  }
  out += prose;
  if (!spec.arguments.empty() || !spec.options.empty()) out += ".SH OPTIONS\n";
  append_arguments(out, spec);
  append_see_also(out, name);
  return out;
}

}  // namespace

std::vector<std::string> man_pages() {
  std::vector<std::string> names{"crm"};
  for (const std::string& group : groups()) names.push_back("crm-" + group);
  for (const CommandSpec& spec : commands_of({})) {
    if (!is_group(spec.path())) names.push_back("crm-" + spec.path());
  }
  return names;
}

std::string man_page(std::string_view name, std::string_view prose) {
  if (name == "crm") return overview_page(prose);
  const std::string word(name.substr(4));
  if (is_group(word)) return group_page(name, word, prose);
  const std::vector<std::string> words{word};
  return command_page(name, *find_command(words)->spec, prose);
}

}  // namespace crm::cmd
