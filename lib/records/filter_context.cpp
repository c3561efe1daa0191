#include "records/filter_context.h"

#include "crm/error.h"
#include "filter/parse.h"
#include "filter/terms.h"
#include "modules/phone.h"
#include "records/read_value.h"
#include "records/session_state.h"

namespace crm {

FilterContext filter_context(Session& session, Kind kind) {
  FilterContext context;
  context.view = &session.view(kind);
  context.now = session.now();
  context.zone = session.zone();
  context.currency = session.currency();
  for (const Entity& entity : entities()) {
    if (entity.kind != kind && kind != Kind::stage_change) continue;
    for (std::string& stage : session.stages(entity.kind)) context.stages.push_back(std::move(stage));
  }
  context.me = find_user(session, session.login());
  context.find_record = [&session](Kind target, std::string_view name) -> std::optional<std::int64_t> {
    if (target == Kind::user) return find_user(session, name);
    if (target == Kind::team) return find_team(session, name);
    try {
      return resolve(session, target, name).id;
    } catch (const Error& error) {
      if (error.code() == ErrorCode::not_found) return std::nullopt;
      throw;
    }
  };
  context.phone_key = [&session](std::string_view text) { return phone_key(text, session.country()); };
  return context;
}

SelectionSql render_selection(Session& session, Kind kind, const Selection& selection, int first) {
  SelectionSql result{selection.deleted ? "r.deleted_at IS NOT NULL" : "r.deleted_at IS NULL", {}, false};
  std::vector<Expression> expressions;
  for (const std::string& term : selection.terms) expressions.push_back(parse_term(term));
  if (!selection.where.empty()) expressions.push_back(parse_expression(selection.where));
  if (!selection.search.empty()) expressions.push_back(search_expression(selection.search));
  if (expressions.empty()) return result;
  const FilterContext context = filter_context(session, kind);
  std::vector<Condition> conditions;
  for (const Expression& expression : expressions) conditions.push_back(check_expression(expression, context));
  SqlCondition rendered = render(all_of(std::move(conditions)), first);
  result.sql += " AND " + rendered.sql;
  result.params = std::move(rendered.params);
  result.conditional = true;
  return result;
}

}  // namespace crm
