#include "commands/field_list.h"

#include <array>

namespace crm::cmd {

bool wants_field_list(const Context& context) {
  const std::vector<std::string>& fields = context.settings().fields;
  return fields.size() == 1 && fields.front() == "help";
}

int print_field_list(Context& context, Kind kind) {
  const std::vector<Column> columns{
      {.name = "name", .label = {}}, {.name = "type", .label = {}}, {.name = "help", .label = {}}};
  const auto writer = context.writer(Shape::list);
  writer->begin(columns);
  for (const Field* field : context.session().view(kind).fields()) {
    const std::string_view help = field->help.en.empty() ? field->label.en : field->help.en;
    const std::array<Cell, 3> cells{{{CellType::text, field->name, {}},
                                     {CellType::text, type_name(field->type), {}},
                                     {CellType::text, help, {}}}};
    writer->row(cells);
  }
  writer->end();
  return 0;
}

const char* type_name(FieldType type) {
  switch (type) {
    case FieldType::text:
      return "text";
    case FieldType::note:
      return "note";
    case FieldType::integer:
      return "integer";
    case FieldType::boolean:
      return "boolean";
    case FieldType::money:
      return "money";
    case FieldType::currency:
      return "currency";
    case FieldType::date:
      return "date";
    case FieldType::moment:
      return "time";
    case FieldType::duration:
      return "duration";
    case FieldType::choice:
      return "choice";
    case FieldType::stage:
      return "stage";
    case FieldType::phone:
      return "phone";
    case FieldType::email:
      return "email";
    case FieldType::reference:
      return "reference";
    case FieldType::record:
      return "record";
    case FieldType::tags:
      return "tags";
    case FieldType::refs:
      return "refs";
  }
  return "text";
}

}  // namespace crm::cmd
