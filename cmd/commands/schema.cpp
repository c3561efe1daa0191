#include <crm/error.h>
#include <crm/kind.h>
#include <crm/session.h>
#include <crm/text.h>

#include <array>
#include <utility>

#include "app/context.h"
#include "commands/commands.h"
#include "commands/field_list.h"
#include "parse/arguments.h"

namespace crm::cmd {
namespace {

// The kind as it is in the database, where there is one; else as the program knows it.
KindView view_of(Context& context, Kind kind) {
  try {
    return context.session().view(kind);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::not_found) throw;
    return {entity(kind), {}};
  }
}

// "company | person", "user", "": what a value must be, besides its type.
std::string constraint(Context& context, const Entity& kind, const Field& field) {
  std::string text;
  const auto add = [&](std::string_view value) {
    if (!text.empty()) text += " | ";
    text += value;
  };
  for (const Choice& choice : field.choices) add(choice.name);
  if (field.type == FieldType::reference) add(entity(field.target).name);
  if (field.type == FieldType::stage && kind.has_stages) {
    try {
      for (const std::string& stage : context.session().stages(kind.kind)) add(stage);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::not_found) throw;
    }
  }
  return text;
}

const char* access_name(const Field& field) {
  if (field.is_derived()) return "derived";
  switch (field.access) {
    case Access::open:
      return field.required ? "required" : "optional";
    case Access::imported:
      return "set by the program or an import";
    case Access::closed:
      break;
  }
  return "set by the program";
}

// The headings that an import takes for the field besides its name and labels: its aliases, and KIND_id.
std::string headings(const Entity& kind, const Field& field) {
  std::string text(field.aliases);
  const auto add = [&](const Entity& numbered) {
    if (!text.empty()) text += '|';
    text += std::string(numbered.table) + "_id";
  };
  if (field.type == FieldType::refs) add(kind);
  if (field.type == FieldType::reference) add(entity(field.target));
  if (field.type == FieldType::record) {
    for (const Kind subject : {Kind::lead, Kind::customer, Kind::contact}) add(entity(subject));
  }
  return text;
}

void print_rows(Context& context, std::span<const Entity> kinds) {
  std::array<Column, 7> columns;
  constexpr std::array<const char*, 7> kNames{"kind", "field", "type", "values", "use", "help", "aliases"};
  for (std::size_t i = 0; i < columns.size(); ++i) columns[i].name = kNames[i];
  columns[5].wide = columns[6].wide = true;
  std::vector<std::string> spare;
  if (kinds.size() == 1) spare.emplace_back("kind");
  const auto writer = context.picking_writer(Shape::list, std::move(spare));
  writer->begin(columns);
  for (const Entity& kind : kinds) {
    const KindView view = view_of(context, kind.kind);
    for (const Field* field : view.fields()) {
      const std::string values = constraint(context, kind, *field), aliases = headings(kind, *field);
      std::array<Cell, 7> cells;
      const std::array<std::string_view, 7> texts{kind.name, field->name,         type_name(field->type),
                                                  values,    access_name(*field), field->help.en,
                                                  aliases};
      for (std::size_t i = 0; i < cells.size(); ++i) {
        if (!texts[i].empty()) cells[i] = {CellType::text, texts[i], {}};
      }
      writer->row(cells);
    }
  }
  writer->end();
}

void append_property(std::string& out, std::string_view name, std::string_view value) {
  if (out.back() != '{') out += ',';
  append_json_string(out, name);
  out += ':';
  out += value;
}

std::string json_text(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

// The JSON Schema of a field as `show -o json` prints it.
std::string field_schema(const Field& field) {
  std::string type = "\"string\"";
  if (field.type == FieldType::integer || field.type == FieldType::duration) type = "\"integer\"";
  if (field.type == FieldType::boolean) type = "\"boolean\"";
  if (field.type == FieldType::tags || field.type == FieldType::refs) type = "\"array\"";
  std::string out = "{";
  append_property(out, "type", field.required ? type : "[" + type + ",\"null\"]");
  if (type == "\"array\"") append_property(out, "items", "{\"type\":\"string\"}");
  if (field.type == FieldType::moment) append_property(out, "format", "\"date-time\"");
  if (field.type == FieldType::date) append_property(out, "format", "\"date\"");
  if (field.type == FieldType::money) append_property(out, "pattern", json_text("^-?[0-9]+(\\.[0-9]+)?$"));
  if (!field.choices.empty()) {
    std::string choices = "[";
    for (const Choice& choice : field.choices)
      choices += (choices.size() > 1 ? "," : "") + json_text(choice.name);
    append_property(out, "enum", choices + (field.required ? "]" : ",null]"));
  }
  if (!field.help.en.empty()) append_property(out, "description", json_text(field.help.en));
  if (field.is_derived() || field.access == Access::closed) append_property(out, "readOnly", "true");
  return out + '}';
}

// The JSON Schema of a record of a kind.
std::string kind_schema(const KindView& view) {
  std::string properties = "{";
  std::string required;
  for (const Field* field : view.fields()) {
    append_property(properties, field->name, field_schema(*field));
    if (field->required) required += (required.empty() ? "" : ",") + json_text(field->name);
  }
  return "{\"type\":\"object\",\"properties\":" + properties + "},\"required\":[" + required + "]}";
}

void print_json_schema(Context& context, std::span<const Entity> kinds) {
  std::string definitions = "{";
  for (const Entity& kind : kinds)
    append_property(definitions, kind.name, kind_schema(view_of(context, kind.kind)));
  context.out().write(
      "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"$defs\":" + definitions + "}}\n");
}

int run_schema(Context& context, const Arguments& arguments) {
  const std::string name = arguments.argument("KIND");
  std::span<const Entity> kinds = entities();
  if (!name.empty()) {
    const Entity* kind = find_entity(name);
    if (kind == nullptr) {
      std::vector<std::string> known;
      for (const Entity& candidate : entities()) known.emplace_back(candidate.name);
      const auto near = nearest(name, known);
      throw Error(ErrorCode::usage, "unknown kind " + crm::quoted(name),
                  near ? "did you mean '" + *near + "'?" : "one of " + listed(known));
    }
    kinds = {kind, 1};
  }
  if (arguments.has("json-schema")) {
    print_json_schema(context, kinds);
  } else {
    print_rows(context, kinds);
  }
  return 0;
}

}  // namespace

CommandSpec schema_command() {
  CommandSpec spec;
  spec.words = {"schema"};
  spec.summary = "list the fields of a kind: types, values, who sets them, the headings an import takes";
  spec.details =
      "'aliases' are the headings that an import takes for a field besides its name and its labels in "
      "English "
      "and Chinese. A file of "
      "follow-ups, leads or customers may also have a column next_at (next_followup, 下次跟进时间, and so "
      "on): "
      "when the next talk is to "
      "be. In a pipe, and with -o json, nothing is cut.";
  spec.examples = {{"crm schema lead", "the fields of leads, the workflow's own included"},
                   {"crm schema lead --fields field,aliases", "what an import takes for each"},
                   {"crm schema --json-schema", "of all kinds, as JSON Schema 2020-12"}};
  spec.arguments = {{.name = "KIND",
                     .help = "a kind of record; none: all of them",
                     .required = false,
                     .completion = Completion::kind}};
  spec.options = {{.name = "json-schema", .help = "as one JSON Schema"}};
  spec.needs = Needs::reading;
  spec.run = run_schema;
  return spec;
}

}  // namespace crm::cmd
