#include <crm/merge.h>
#include <crm/records.h>

#include "app/context.h"
#include "commands/commands.h"
#include "commands/field_list.h"
#include "commands/input_lines.h"
#include "parse/arguments.h"

namespace crm::cmd {
namespace {

int run_show(Context& context, const Arguments& arguments) {
  const Kind kind = arguments.spec().kind->kind;
  if (wants_field_list(context)) return print_field_list(context, kind);
  const std::vector<std::string>& words = arguments.arguments("RECORD");
  std::vector<std::string> names;
  for (const std::string& word : words) {
    if (word == "-") {
      for (std::string& name : names_from_input()) names.push_back(std::move(name));
    } else {
      names.push_back(word);
    }
  }
  const bool deleted_too = arguments.has("deleted");
  std::vector<RecordId> records;
  records.reserve(names.size());
  for (const std::string& name : names) {
    records.push_back(resolve(context.session(), kind, name, deleted_too));
  }
  const bool one = words.size() == 1 && words.front() != "-";
  const auto writer = context.writer(one || context.format() == Format::table ? Shape::object : Shape::list);
  std::vector<std::string> fields = context.settings().fields;
  if (context.format() == Format::ids) fields = {"id"};
  show(context.session(), records, fields, *writer);
  return 0;
}

}  // namespace

CommandSpec show_command(const Entity& kind) {
  const std::string name(kind.name);
  CommandSpec spec;
  spec.words = {name, "show"};
  spec.summary = "show all fields of " + std::string(kind.plural.en);
  spec.examples = {{"crm " + name + " show 42", "all that is stored about one"},
                   {"crm " + name + " show 42 43 -o json", "two of them, as a JSON array"}};
  spec.arguments = {
      {.name = "RECORD",
       .help =
           "a number, e-mail, phone, exact name or ref:SOURCE/KEY; '-' reads them from the standard input",
       .repeated = true,
       .completion = Completion::record}};
  spec.options = {{.name = "deleted", .help = "deleted ones too"}};
  spec.needs = Needs::reading;
  spec.kind = &kind;
  spec.run = run_show;
  return spec;
}

}  // namespace crm::cmd
