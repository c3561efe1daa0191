#include "records/conditions.h"

#include "filter/parse.h"
#include "records/filter_context.h"
#include "records/session_state.h"

namespace crm {

const Condition& process_condition(Session& session, Kind kind, const std::string& text) {
  auto& kept = session.state().conditions[slot(kind)];
  const auto found = kept.find(text);
  if (found != kept.end()) return found->second;
  FilterContext context = filter_context(session, kind);
  context.after_change = true;
  context.may_see = {};  // the workflow decides by what is there, not by what its user may see
  return kept.emplace(text, check_expression(parse_expression(text), context)).first->second;
}

bool holds(const Condition& condition, const RecordAccess& record, const RecordAccess* before) {
  return evaluate(condition, record, before) == std::optional(true);
}

}  // namespace crm
