#include "workflow/columns.h"

#include <utility>

#include "base/text.h"
#include "crm/error.h"

namespace crm {
namespace {

bool is_integer(FieldType type) {
  switch (type) {
    case FieldType::integer:
    case FieldType::boolean:
    case FieldType::money:
    case FieldType::moment:
    case FieldType::reference:
      return true;
    default:
      return false;
  }
}

struct FieldShape {
  FieldType type = FieldType::text;
  Kind target{};
};

// What the columns there are were made for, by kind and field: every revision made those of its fields.
using Columns = std::map<std::pair<Kind, std::string>, FieldShape>;

Columns columns_made(Connection& connection) {
  Columns columns;
  connection.each("SELECT compiled FROM workflow_revision ORDER BY id", {}, [&](const Row& row) {
    const auto process = from_compiled(row.text(0));
    for (const Entity& kind : entities()) {
      for (const CustomField& custom : process->custom_fields[static_cast<std::size_t>(kind.kind)]) {
        columns[{kind.kind, custom.name}] = {custom.field.type, custom.field.target};
      }
    }
  });
  return columns;
}

// Whether every value of the one type is a value of the other.
bool holds(const FieldShape& before, const Field& after) {
  if (before.type == after.type) return before.type != FieldType::reference || before.target == after.target;
  return !is_integer(before.type) && (after.type == FieldType::text || after.type == FieldType::note);
}

bool has_values(Connection& connection, const Entity& kind, const CustomField& custom) {
  return connection.exists("SELECT 1 FROM \"" + std::string(kind.table) + "\" WHERE \"" + custom.column +
                           "\" IS NOT NULL LIMIT 1");
}

void check_type(Connection& connection, const Entity& kind, const CustomField& custom,
                const FieldShape& before) {
  if (holds(before, custom.field)) return;
  const bool same_column = is_integer(before.type) == is_integer(custom.field.type);
  if (same_column && !has_values(connection, kind, custom)) return;
  throw Error(ErrorCode::invalid,
              "the field " + quoted(custom.name) + " of a " + std::string(kind.name) +
                  " had another type before" + (same_column ? ", and has values of it" : ""),
              "give the new field another name")
      .about_field(custom.name);
}

}  // namespace

void add_columns(Connection& connection, const Process& process) {
  const Columns made = columns_made(connection);
  for (const Entity& kind : entities()) {
    for (const CustomField& custom : process.custom_fields[static_cast<std::size_t>(kind.kind)]) {
      const auto before = made.find({kind.kind, custom.name});
      if (before != made.end()) {
        check_type(connection, kind, custom, before->second);
        continue;
      }
      // The name holds only a-z, 0-9 and _: the reader saw to that.
      connection.execute("ALTER TABLE \"" + std::string(kind.table) + "\" ADD COLUMN \"" + custom.column +
                             "\" " + (is_integer(custom.field.type) ? "INTEGER" : "TEXT"),
                         {});
    }
  }
}

}  // namespace crm
