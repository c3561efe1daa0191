#include "engine/condition_parts.h"

#include <algorithm>

#include "engine/record_texts.h"
#include "filter/parse.h"
#include "records/conditions.h"
#include "records/record_values.h"
#include "records/session_state.h"

namespace crm {
namespace {

struct Looked {
  std::string name;
  bool before = false;  // was(name)
};

void collect(const Expr& expr, std::vector<Looked>& fields, bool before = false) {
  if (expr.kind == ExprKind::field) {
    const auto same = [&](const Looked& one) { return one.name == expr.text && one.before == before; };
    if (std::none_of(fields.begin(), fields.end(), same)) fields.push_back({expr.text, before});
  }
  const bool was = expr.kind == ExprKind::call && expr.text == "was";
  for (const Expr& part : expr.parts) {
    if (expr.kind == ExprKind::call && expr.text == "changed") collect(part, fields, true);
    collect(part, fields, before || was);
  }
}

std::string values_of(Session& session, const Expr& expr, const StoredRecord& record,
                      const StoredRecord* before) {
  std::vector<Looked> fields;
  collect(expr, fields);
  std::string text;
  for (const Looked& one : fields) {
    const StoredRecord* looked = one.before ? before : &record;
    const std::string value = looked == nullptr ? std::string() : shown_value(session, *looked, one.name);
    text += (text.empty() ? "" : ", ") + one.name + (one.before ? " was: " : ": ") +
            (value.empty() ? "none" : value);
  }
  return text;
}

}  // namespace

std::vector<std::string> condition_parts(const std::string& condition) {
  const Expression parsed = parse_expression(condition);
  if (parsed.root.kind != ExprKind::conjunction) return {condition};
  std::vector<std::string> parts;
  for (const Expr& part : parsed.root.parts) parts.push_back(to_text(part));
  return parts;
}

std::optional<std::string> failing_part(Session& session, const std::string& condition,
                                        const StoredRecord& record, const StoredRecord* before) {
  if (condition.empty()) return std::nullopt;
  const Kind kind = record.id.kind;
  const RecordValues values(session, record, RecordValues::Derived::stored);
  std::optional<RecordValues> earlier;
  if (before != nullptr) earlier.emplace(session, *before);
  const auto holds = [&](const std::string& text) {
    return evaluate(process_condition(session, kind, text), values, earlier ? &*earlier : nullptr) ==
           std::optional(true);
  };
  if (holds(condition)) return std::nullopt;
  for (const std::string& part : condition_parts(condition)) {
    if (holds(part)) continue;
    const std::string looked = values_of(session, parse_expression(part).root, record, before);
    return looked.empty() ? part : part + " (" + looked + ")";
  }
  return condition;
}

}  // namespace crm
