#include "records/filter_context.h"

#include <algorithm>

#include "base/text.h"
#include "crm/error.h"
#include "filter/parse.h"
#include "filter/terms.h"
#include "modules/phone.h"
#include "records/read_value.h"
#include "records/rights.h"
#include "records/session_state.h"

namespace crm {
namespace {

// Whether words could be part of a number or an address.
bool could_be_contact(std::string_view words) {
  const auto digits = std::count_if(words.begin(), words.end(), [](char c) { return c >= '0' && c <= '9'; });
  return digits >= 3 || words.find('@') != std::string_view::npos;
}

void check_search(Session& session, const KindView& view, const Expr& expr) {
  if (expr.kind == ExprKind::search) refuse_concealed_search(session, view, expr.text);
  for (const Expr& part : expr.parts) check_search(session, view, part);
}

}  // namespace

void refuse_concealed_search(Session& session, const KindView& view, std::string_view words) {
  if (!could_be_contact(words)) return;
  for (const Field* field : view.fields()) {
    if (!field->searchable || reveals(session, *field)) continue;
    throw Error(ErrorCode::not_permitted,
                quoted(words) + " could be a " + std::string(field->label.en) + ", which is not shown to you",
                "search by name or company");
  }
}

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
  context.me = find_own_user(session);
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
  if (!rights(session).concealed.empty() || !sees_all(session))
    context.may_see = [&session](const Field& field) { return may_ask(session, field); };
  context.phone_key = [&session](std::string_view text) { return phone_key(text, session.country()); };
  return context;
}

SelectionSql render_selection(Session& session, Kind kind, const Selection& selection, int first) {
  SelectionSql result{selection.deleted ? "r.deleted_at IS NOT NULL" : "r.deleted_at IS NULL", {}, false};
  result.sql += visible_sql(session, kind);
  std::vector<Expression> expressions;
  for (const std::string& term : selection.terms) expressions.push_back(parse_term(term));
  if (!selection.where.empty()) expressions.push_back(parse_expression(selection.where));
  if (!selection.search.empty()) expressions.push_back(search_expression(selection.search));
  if (expressions.empty()) return result;
  for (const Expression& expression : expressions) check_search(session, session.view(kind), expression.root);
  const FilterContext context = filter_context(session, kind);
  std::vector<Condition> conditions;
  conditions.reserve(expressions.size());
  for (const Expression& expression : expressions)
    conditions.push_back(check_expression(expression, context));
  SqlCondition rendered = render(all_of(std::move(conditions)), first);
  result.sql += " AND " + rendered.sql;
  result.params = std::move(rendered.params);
  result.conditional = true;
  return result;
}

}  // namespace crm
