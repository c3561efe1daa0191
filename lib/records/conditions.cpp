#include "records/conditions.h"

#include <algorithm>

#include "filter/parse.h"
#include "records/filter_context.h"
#include "records/record_values.h"
#include "records/session_state.h"

namespace crm {
namespace {

bool names_time(const ConditionNode& node) {
  if (node.kind == NodeKind::constant && (node.type == ValueType::moment || node.type == ValueType::date))
    return true;
  return std::any_of(node.parts.begin(), node.parts.end(), names_time);
}

bool names_derived(const ConditionNode& node) {
  return (node.field != nullptr && node.field->is_derived()) ||
         std::any_of(node.parts.begin(), node.parts.end(), names_derived);
}

KeptCondition checked(Session& session, Kind kind, const std::string& text) {
  FilterContext context = filter_context(session, kind);
  context.after_change = true;
  context.may_see = {};  // the workflow decides by what is there, not by what its user may see
  KeptCondition kept{check_expression(parse_expression(text), context), false, false, {}};
  kept.timeless = !names_time(kept.condition.root);
  kept.alone = kept.timeless && !names_derived(kept.condition.root);
  return kept;
}

KeptCondition& kept_condition(Session& session, Kind kind, const std::string& text) {
  auto& kept = session.state().conditions[slot(kind)];
  const auto found = kept.find(text);
  if (found == kept.end()) return kept.emplace(text, checked(session, kind, text)).first->second;
  KeptCondition& condition = found->second;
  if (!condition.timeless && condition.condition.now != session.now())
    condition = checked(session, kind, text);
  return condition;
}

void collect_looked(const Expr& expr, const KindView& view, bool before,
                    std::vector<ConditionPart::Looked>& looked) {
  if (expr.kind == ExprKind::field) {
    const ConditionPart::Looked one{view.find(expr.text), before};
    if (std::find(looked.begin(), looked.end(), one) == looked.end()) looked.push_back(one);
  }
  for (const Expr& part : expr.parts) {
    const bool call = expr.kind == ExprKind::call;
    collect_looked(part, view, before || (call && expr.text == "was"), looked);
    if (call && expr.text == "changed") collect_looked(part, view, true, looked);
  }
}

void collect_parts(const Expr& expr, const KindView& view, std::vector<ConditionPart>& parts) {
  if (expr.kind == ExprKind::conjunction) {
    for (const Expr& part : expr.parts) collect_parts(part, view, parts);
    return;
  }
  collect_looked(expr, view, false, parts.emplace_back(ConditionPart{to_text(expr), {}}).looked);
}

}  // namespace

const Condition& process_condition(Session& session, Kind kind, const std::string& text) {
  return kept_condition(session, kind, text).condition;
}

bool depends_on_record_alone(Session& session, Kind kind, const std::string& text) {
  return kept_condition(session, kind, text).alone;
}

const std::vector<ConditionPart>& condition_parts(Session& session, Kind kind, const std::string& text) {
  std::vector<ConditionPart>& parts = kept_condition(session, kind, text).parts;
  if (parts.empty()) collect_parts(parse_expression(text).root, session.view(kind), parts);
  return parts;
}

bool holds(const Condition& condition, const RecordAccess& record, const RecordAccess* before) {
  return evaluate(condition, record, before) == std::optional(true);
}

bool holds(Session& session, Kind kind, const std::string& condition, const RecordAccess& record,
           const RecordAccess* before) {
  return condition.empty() || holds(process_condition(session, kind, condition), record, before);
}

bool holds(Session& session, const std::string& condition, const StoredRecord& record,
           const StoredRecord* before) {
  if (condition.empty()) return true;
  const RecordValues values(session, record, RecordValues::Derived::stored);
  std::optional<RecordValues> earlier;
  if (before != nullptr) earlier.emplace(session, *before);
  return holds(session, record.id.kind, condition, values, earlier ? &*earlier : nullptr);
}

}  // namespace crm
