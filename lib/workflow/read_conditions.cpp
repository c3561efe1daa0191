// Expressions, and the validations made of them.
#include <algorithm>
#include <string>

#include "base/text.h"
#include "filter/check.h"
#include "filter/parse.h"
#include "workflow/map_reader.h"
#include "workflow/sections.h"

namespace crm {
namespace {

// What is worked out has no value before the change.
void refuse_derived_before(const Expr& expr, const KindView& view, const Node& expression, Faults& faults) {
  const bool asks_before = expr.kind == ExprKind::call && (expr.text == "was" || expr.text == "changed");
  for (const Expr& part : expr.parts) {
    const Field* field = asks_before && part.kind == ExprKind::field ? view.find(part.text) : nullptr;
    if (field != nullptr && field->is_derived()) {
      faults.add_within(expression, part.offset,
                        quoted(part.text) + " is worked out by the program: what it was before is not known");
    }
    refuse_derived_before(part, view, expression, faults);
  }
}

// A validation is held against the values that are being written, before anything is worked out from them.
void refuse_derived(const Expr& expr, const KindView& view, const Node& expression, Faults& faults) {
  const Field* field = expr.kind == ExprKind::field ? view.find(expr.text) : nullptr;
  if (field != nullptr && field->is_derived()) {
    faults.add_within(expression, expr.offset,
                      quoted(expr.text) + " is worked out by the program and cannot be validated");
  }
  for (const Expr& part : expr.parts) refuse_derived(part, view, expression, faults);
}

bool names_doubtful(const Expr& expr, Kind kind, const Reading& reading) {
  if (expr.kind == ExprKind::field && reading.is_in_doubt(kind, expr.text)) return true;
  return std::any_of(expr.parts.begin(), expr.parts.end(),
                     [&](const Expr& part) { return names_doubtful(part, kind, reading); });
}

}  // namespace

void check_condition(const Node& expression, Kind kind, ExpressionUse use, Reading& reading) {
  try {
    const Expression parsed = parse_expression(expression.text);
    if (names_doubtful(parsed.root, kind, reading)) return;
    const KindView view = reading.process.view(kind);
    FilterContext context;
    context.view = &view;
    context.currency = reading.process.currency.empty() ? "CNY" : reading.process.currency;
    context.stages = reading.process.stage_names(kind);
    if (use != ExpressionUse::schedule) {
      context.me = 0;
      context.after_change = true;
    }
    if (use == ExpressionUse::validation) refuse_derived(parsed.root, view, expression, reading.faults);
    if (use == ExpressionUse::event) refuse_derived_before(parsed.root, view, expression, reading.faults);
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
      reading.process.validations.push_back(
          {kind->kind, check.value_or(""), message.value_or(""), item.line});
    }
  }
}

}  // namespace crm
