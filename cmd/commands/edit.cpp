#include <crm/error.h>
#include <crm/records.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "app/context.h"
#include "commands/bulk_write.h"
#include "commands/commands.h"
#include "commands/field_options.h"
#include "commands/input_lines.h"
#include "commands/json_line.h"
#include "commands/targets.h"
#include "commands/wording.h"
#include "parse/arguments.h"

namespace crm::cmd {
namespace {

// Takes the member that names the record out of the fields: its id, else a reference.
std::string take_name(std::vector<FieldText>& fields, const std::string& place) {
  for (const std::string_view key : {"id", "ref"}) {
    const auto found = std::find_if(fields.begin(), fields.end(),
                                    [&](const FieldText& field) { return field.field == key; });
    if (found == fields.end()) continue;
    std::string name = key == "ref" ? "ref:" + found->text : found->text;
    fields.erase(found);
    return name;
  }
  throw Error(ErrorCode::invalid, place + ": neither 'id' nor 'ref' says which record is meant");
}

// A line is a JSON object with the record's id and fields, or just the name of a record.
void edit_line(Context& context, Kind kind, const std::string& line, const std::string& place,
               BulkWrite& bulk, const std::vector<FieldText>& fields) {
  bulk.step(place, [&] {
    if (line.front() != '{') return edit(context.session(), resolve(context.session(), kind, line), fields);
    std::vector<FieldText> all = fields_of_json(line, place);
    const RecordId record = resolve(context.session(), kind, take_name(all, place));
    all.insert(all.end(), fields.begin(), fields.end());
    return edit(context.session(), record, all);
  });
}

int run_edit(Context& context, const Arguments& arguments) {
  const Kind kind = arguments.spec().kind->kind;
  const std::vector<FieldText> fields = field_texts(arguments);
  const std::vector<std::string>& words = arguments.arguments("RECORD");
  if (words == std::vector<std::string>{"-"}) {
    BulkWrite bulk(context, arguments);
    InputLines lines(STDIN_FILENO, "the standard input");
    std::string line;
    while (lines.next(line)) {
      if (!line.empty())
        edit_line(context, kind, line, lines.name() + ":" + std::to_string(lines.line_number()), bulk,
                  fields);
    }
    return bulk.finish(true);
  }
  if (fields.empty())
    throw Error(ErrorCode::usage, "nothing says what to change", "give an option for each field to set");
  const std::optional<std::int64_t> version = arguments.integer("if-version");
  if (version && words.size() != 1) throw Error(ErrorCode::usage, "'--if-version' is for one record");
  return write_each(context, arguments, kind,
                    [&](RecordId record) { return edit(context.session(), record, fields, version); });
}

// A field that records of the kind can do without, and what to set it to, as typed in a shell.
std::pair<std::string, std::string> change_for_example(const Entity& kind) {
  const auto has_type = [&](FieldType type) {
    return std::find_if(kind.fields.begin(), kind.fields.end(), [&](const Field& field) {
      return field.type == type && field.access == Access::open && !field.required;
    });
  };
  for (const FieldType type : {FieldType::note, FieldType::email, FieldType::reference}) {
    const auto found = has_type(type);
    if (found == kind.fields.end()) continue;
    return {std::string(found->name),
            type == FieldType::note ? "\"calls back on Monday\"" : example_value(*found)};
  }
  return {"tags", "vip"};
}

}  // namespace

CommandSpec edit_command(const Entity& kind) {
  const std::string name(kind.name);
  CommandSpec spec;
  spec.words = {name, "edit"};
  spec.summary = "change fields of " + std::string(kind.plural.en);
  spec.details =
      "An empty value (--note \"\") makes a field absent. With '-' a line of the standard input may also be "
      "a JSON object with the "
      "record's id and the fields to set.";
  const auto [field, value] = change_for_example(kind);
  spec.examples = {{"crm " + name + " edit 42 --field " + field + '=' + value, "change one"},
                   {"crm " + name + " edit 42 --if-version 3 --field " + field + "=\"\"",
                    "only if nobody changed it meanwhile"}};
  spec.arguments = {records_argument()};
  spec.options = field_options(kind);
  spec.options.push_back({.name = "if-version",
                          .help = "only if the record still has this version",
                          .value = "N",
                          .type = ValueType::count});
  spec.options.push_back(
      {.name = "reason", .help = "why, for the change log", .value = "TEXT", .type = ValueType::text});
  for (OptionSpec& option : target_options()) spec.options.push_back(std::move(option));
  spec.needs = Needs::writing;
  spec.kind = &kind;
  spec.field_options = true;
  spec.run = run_edit;
  return spec;
}

}  // namespace crm::cmd
