// Expressions, and the validations made of them.
#include "filter/check.h"
#include "filter/parse.h"
#include "workflow/map_reader.h"
#include "workflow/sections.h"

namespace crm {

void check_condition(const Node& expression, Kind kind, ExpressionUse use, Reading& reading) {
  try {
    const Expression parsed = parse_expression(expression.text);
    if (reading.fields_in_doubt[static_cast<std::size_t>(kind)]) return;
    const KindView view = reading.process.view(kind);
    FilterContext context;
    context.view = &view;
    context.currency = reading.process.currency.empty() ? "CNY" : reading.process.currency;
    context.stages = reading.process.stage_names(kind);
    if (use == ExpressionUse::validation) context.me = 0;
    context.after_change = use == ExpressionUse::validation;
    check_expression(parsed, context);
  } catch (const Error& error) {
    reading.faults.add_expression(expression, error);
  }
}

void read_validations(const Node& node, Reading& reading) {
  for (const auto& [kind_name, items] : entries_of(node, "'validate'", reading.faults)) {
    const Entity* kind = read_kind(kind_name, reading);
    if (kind == nullptr) continue;
    for (const Node& item : items_of(items, "the checks of a " + std::string(kind->name), reading.faults)) {
      const MapReader map(item, workflow_keys::kValidation, "a validation", reading.faults);
      const auto check = map.required_text("check");
      const auto message = map.required_text("message");
      if (check) check_condition(*map.find("check"), kind->kind, ExpressionUse::validation, reading);
      reading.process.validations.push_back({kind->kind, check.value_or(""), message.value_or(""), item.line});
    }
  }
}

}  // namespace crm
