#include <crm/text.h>

#include "commands/registry.h"
#include "manual/exit_codes.h"
#include "manual/help.h"

namespace crm::cmd {
namespace {

// Members are appended to an object that is open; each begins with a comma unless it is the first.
void append_name(std::string& out, std::string_view name) {
  if (out.back() != '{') out += ',';
  append_json_string(out, name);
  out += ':';
}

void append_member(std::string& out, std::string_view name, std::string_view value) {
  append_name(out, name);
  append_json_string(out, value);
}

void append_member(std::string& out, std::string_view name, bool value) {
  append_name(out, name);
  out += value ? "true" : "false";
}

void append_member(std::string& out, std::string_view name, const std::vector<std::string>& values) {
  append_name(out, name);
  out += '[';
  for (const std::string& value : values) {
    if (out.back() != '[') out += ',';
    append_json_string(out, value);
  }
  out += ']';
}

template <typename Items, typename Append>
void append_objects(std::string& out, std::string_view name, const Items& items, Append append) {
  append_name(out, name);
  out += '[';
  for (const auto& item : items) {
    out += out.back() == '[' ? "{" : ",{";
    append(item);
    out += '}';
  }
  out += ']';
}

std::string_view type_name(ValueType type) {
  switch (type) {
    case ValueType::none:
      return "flag";
    case ValueType::text:
      return "text";
    case ValueType::integer:
      return "integer";
    case ValueType::count:
      return "count";
    case ValueType::choice:
      return "choice";
  }
  return {};
}

std::string_view needs_name(Needs needs) {
  switch (needs) {
    case Needs::nothing:
      return "no database";
    case Needs::reading:
      return "reads";
    case Needs::writing:
      return "writes";
  }
  return {};
}

void append_options(std::string& out, std::string_view name, const std::vector<OptionSpec>& options) {
  append_objects(out, name, options, [&](const OptionSpec& option) {
    append_member(out, "name", "--" + option.name);
    if (option.letter != 0) append_member(out, "letter", std::string("-") + option.letter);
    append_member(out, "type", type_name(option.type));
    if (!option.value.empty()) append_member(out, "value", option.value);
    if (!option.choices.empty()) append_member(out, "choices", option.choices);
    if (option.repeated) append_member(out, "repeated", true);
    if (!option.environment.empty()) append_member(out, "environment", option.environment);
    append_member(out, "help", option.help);
  });
}

void append_command(std::string& out, const CommandSpec& spec) {
  append_member(out, "command", spec.path());
  append_member(out, "summary", spec.summary);
  if (!spec.details.empty()) append_member(out, "details", spec.details);
  append_member(out, "usage", spec.synopsis());
  append_member(out, "database", needs_name(spec.needs));
  append_objects(out, "examples", spec.examples, [&](const Example& example) {
    append_member(out, "command", example.command);
    append_member(out, "meaning", example.meaning);
  });
  append_objects(out, "arguments", spec.arguments, [&](const ArgumentSpec& argument) {
    append_member(out, "name", argument.name);
    append_member(out, "required", argument.required);
    append_member(out, "repeated", argument.repeated);
    if (!argument.choices.empty()) append_member(out, "choices", argument.choices);
    append_member(out, "help", argument.help);
  });
  append_options(out, "options", spec.options);
}

}  // namespace

std::string help_as_json() {
  std::string out = "{";
  append_member(out, "program", std::string_view("crm"));
  append_member(out, "version", std::string_view(CRM_VERSION));
  append_options(out, "global_options", global_options());
  append_objects(out, "exit_codes", exit_codes(), [&](const ExitCode& code) {
    out += "\"code\":" + std::to_string(code.code);
    append_member(out, "meaning", code.meaning);
  });
  append_objects(out, "commands", all_commands(), [&](const CommandSpec& spec) {
    append_command(out, spec);
    out += "\n";
  });
  return out + "}\n";
}

}  // namespace crm::cmd
