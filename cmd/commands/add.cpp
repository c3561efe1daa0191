#include <crm/error.h>
#include <crm/records.h>
#include <crm/text.h>
#include <unistd.h>

#include <algorithm>

#include "app/context.h"
#include "commands/add_checked.h"
#include "commands/bulk_write.h"
#include "commands/commands.h"
#include "commands/field_options.h"
#include "commands/input_lines.h"
#include "commands/json_line.h"
#include "commands/wording.h"
#include "parse/arguments.h"

namespace crm::cmd {
namespace {

// The field that stands alone: "crm lead add 王芳".
const Field& first_required(const Entity& kind) {
  const auto found =
      std::find_if(kind.fields.begin(), kind.fields.end(), [](const Field& field) { return field.required; });
  return found == kind.fields.end() ? kind.fields.front() : *found;
}

// A name of two words without quotes leaves the second one over: neither may be dropped unnoticed.
void check_given_once(const Field& field, const std::string& first, const std::vector<FieldText>& fields) {
  const auto again = std::find_if(fields.begin(), fields.end(),
                                  [&](const FieldText& given) { return given.field == field.name; });
  if (again == fields.end()) return;
  throw Error(ErrorCode::usage,
              "the " + std::string(field.label.en) + " is given twice: " + crm::quoted(again->text) +
                  " and " + crm::quoted(first),
              "put quotes around a value of several words");
}

AddOptions add_options(const Arguments& arguments) {
  const std::string choice = arguments.text("if-exists").value_or("update");
  return {choice == "skip" ? IfExists::skip : choice == "fail" ? IfExists::fail : IfExists::update};
}

int run_add(Context& context, const Arguments& arguments) {
  const Entity& kind = *arguments.spec().kind;
  const AddOptions options = add_options(arguments);
  const bool allow_duplicate = arguments.has("allow-duplicate");
  std::vector<FieldText> fields = field_texts(arguments);
  const std::string argument_name = arguments.spec().arguments.front().name;
  const std::string first = arguments.argument(argument_name);

  BulkWrite bulk(context, arguments);
  if (first != "-") {
    if (!first.empty()) {
      check_given_once(first_required(kind), first, fields);
      fields.insert(fields.begin(), {std::string(first_required(kind).name), first});
    }
    bulk.step({},
              [&] { return add_checked(context.session(), kind.kind, fields, options, allow_duplicate); });
    return bulk.finish(false);
  }
  InputLines lines(STDIN_FILENO, "the standard input");
  std::string line;
  while (lines.next(line)) {
    if (line.empty()) continue;
    const std::string place = lines.name() + ":" + std::to_string(lines.line_number());
    bulk.step(place, [&] {
      std::vector<FieldText> all = fields_of_json(line, place);
      all.insert(all.end(), fields.begin(), fields.end());
      return add_checked(context.session(), kind.kind, all, options, allow_duplicate);
    });
  }
  return bulk.finish(true);
}

}  // namespace

CommandSpec add_command(const Entity& kind) {
  const std::string name(kind.name);
  const std::string label(kind.label.en);
  const Field& first = first_required(kind);
  CommandSpec spec;
  spec.words = {name, "add"};
  spec.summary = "add " + with_article(label);
  spec.details =
      "With '-' it reads one JSON object with fields for each record from the standard input, a line each; "
      "the options then hold for all of them. With --ref, a record that has that reference already is "
      "updated.";
  spec.examples = {{"crm " + name + " add " + example_value(first) +
                        (kind.kind == Kind::followup ? " --due-at +3d" : "") + " --ref erp/1001",
                    "add one, or update the one with that reference"},
                   {"crm " + name + " add - < " + name + "s.jsonl", "add one for each line"}};
  spec.arguments = {
      {.name = in_capitals(first.name), .help = std::string(first.help.en) + "; or '-'", .required = false}};
  spec.options = field_options(kind);
  spec.options.push_back({.name = "if-exists",
                          .help = "what to do where the reference is there already",
                          .value = "WHAT",
                          .type = ValueType::choice,
                          .choices = {"update", "skip", "fail"},
                          .completion = Completion::choices});
  if (is_compared(kind.kind)) {
    spec.options.push_back({.name = "allow-duplicate",
                            .help = "add it though it is likely there already, instead of exit code 6"});
  }
  spec.options.push_back(
      {.name = "keep-going", .help = "add what is valid and report what is not, with exit code 7"});
  spec.needs = Needs::writing;
  spec.kind = &kind;
  spec.field_options = true;
  spec.run = run_add;
  return spec;
}

}  // namespace crm::cmd
