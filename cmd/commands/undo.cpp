#include <crm/error.h>
#include <crm/records.h>
#include <crm/text.h>

#include <array>
#include <optional>
#include <string>

#include "app/context.h"
#include "commands/commands.h"
#include "parse/arguments.h"

namespace crm::cmd {
namespace {

std::optional<std::int64_t> chosen_change(const Arguments& arguments) {
  const std::string word = arguments.argument("CHANGE");
  if (word.empty()) return arguments.integer("change");
  const auto number = parse_integer(word);
  if (number && !arguments.has("change")) return number;
  throw Error(ErrorCode::usage, "undo takes the number of one change, not " + crm::quoted(word),
              "find it with 'crm log'");
}

void print(Context& context, const std::vector<RecordId>& records) {
  const std::array<Column, 2> columns{
      {{.name = "kind", .label = {}}, {.name = "id", .label = {}, .right = true}}};
  const auto writer = context.picking_writer(Shape::list);
  writer->begin(columns);
  for (const RecordId record : records) {
    const bool alone = context.format() == Format::ids;  // a number would not say of which kind
    const std::string id = alone ? to_string(record) : std::to_string(record.id);
    const std::array<Cell, 2> cells{{{CellType::text, entity(record.kind).name, {}},
                                     {alone ? CellType::text : CellType::number, id, {}}}};
    writer->row(cells);
  }
  writer->end();
}

int run_undo(Context& context, const Arguments& arguments) {
  Session& session = context.session();
  // What nobody can be told of is not done.
  Write write(session);
  const std::vector<RecordId> records = undo(session, chosen_change(arguments));
  if (!context.settings().quiet) print(context, records);
  context.out().flush();
  write.commit();
  if (session.dry_run()) context.say("dry run: nothing was changed");
  return 0;
}

}  // namespace

CommandSpec undo_command() {
  CommandSpec spec;
  spec.words = {"undo"};
  spec.summary = "take back the last change, or a given one";
  spec.details =
      "It prints the records that were brought back. Where one of them was changed since, nothing is done "
      "and those are listed.";
  spec.examples = {{"crm undo", "the last change"},
                   {"crm log --limit 5", "find the number of one"},
                   {"crm undo 17", "take back that one"}};
  spec.arguments = {{.name = "CHANGE", .help = "its number in 'crm log'; else the last", .required = false}};
  spec.options = {
      {.name = "change", .help = "the same as CHANGE", .value = "NUMBER", .type = ValueType::count}};
  spec.needs = Needs::writing;
  spec.run = run_undo;
  return spec;
}

}  // namespace crm::cmd
