#include "records/why_not.h"

#include <algorithm>
#include <vector>

#include "base/text.h"
#include "filter/parse.h"
#include "records/conditions.h"
#include "records/value_text.h"

namespace crm {
namespace {

// The parts that must all hold.
void collect_parts(const Expr& expr, std::vector<const Expr*>& parts) {
  if (expr.kind != ExprKind::conjunction) {
    parts.push_back(&expr);
    return;
  }
  for (const Expr& part : expr.parts) collect_parts(part, parts);
}

void collect_fields(const Expr& expr, const KindView& view, std::vector<const Field*>& fields) {
  const Field* field = expr.kind == ExprKind::field ? view.find(expr.text) : nullptr;
  if (field != nullptr && std::find(fields.begin(), fields.end(), field) == fields.end())
    fields.push_back(field);
  for (const Expr& part : expr.parts) collect_fields(part, view, fields);
}

std::string described(Session& session, const KindView& view, const Field& field,
                      const RecordAccess& record) {
  const std::string name(field.name);
  if (field.type == FieldType::tags || field.type == FieldType::refs) {
    const std::vector<std::string> all = field.type == FieldType::tags ? record.tags() : record.refs();
    return all.empty() ? name + " has none" : name + " are " + listed(all);
  }
  const Value value = record.value(field);
  if (is_null(value)) return name + " is not given";
  const Field* currency = view.find("currency");
  const Value code = currency == nullptr ? Value() : record.value(*currency);
  const std::string* of_record = text_of(code);
  const std::string text =
      value_text(session, field, value, of_record == nullptr ? std::string() : *of_record);
  return name + " is " + (text_of(value) != nullptr ? quoted(text) : text);
}

}  // namespace

std::string why_not(Session& session, Kind kind, const std::string& condition, const RecordAccess& record,
                    const RecordAccess* before) {
  const Expression expression = parse_expression(condition);
  const KindView& view = session.view(kind);
  std::vector<const Expr*> parts;
  collect_parts(expression.root, parts);
  for (const Expr* part : parts) {
    const std::string text = to_text(*part);
    if (holds(process_condition(session, kind, text), record, before)) continue;
    std::vector<const Field*> fields;
    collect_fields(*part, view, fields);
    std::string reasons;
    for (const Field* field : fields)
      reasons += (reasons.empty() ? ": " : ", ") + described(session, view, *field, record);
    return text + " fails" + reasons;
  }
  return {};
}

}  // namespace crm
