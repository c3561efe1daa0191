#include "engine/scheduled_rule.h"

#include <algorithm>

#include "filter/parse.h"
#include "records/filter_context.h"
#include "records/session_state.h"

namespace crm {

std::vector<std::int64_t> matching_records(Session& session, Kind kind, const std::string& condition) {
  std::string sql =
      "SELECT r.id FROM \"" + std::string(entity(kind).table) + "\" r WHERE r.deleted_at IS NULL";
  std::vector<Value> values;
  if (!condition.empty()) {
    FilterContext context = filter_context(session, kind);
    context.me.reset();
    context.may_see = {};  // the workflow decides by what is there
    SqlCondition rendered = render(check_expression(parse_expression(condition), context), 1);
    sql += " AND " + rendered.sql;
    values = std::move(rendered.params);
  }
  std::vector<Param> params;
  params.reserve(values.size());
  for (const Value& value : values) params.emplace_back(value);
  std::vector<std::int64_t> ids;
  session.state().connection->query_guarded(sql + " ORDER BY r.id", params, [&](const Row& row) {
    ids.push_back(row.integer(0));
    return true;
  });
  return ids;
}

namespace {

// By the clock on the wall. A planned time that a change of the clocks put off counts as what it was planned
// for: the next day's comes less than 24 hours after it.
std::chrono::seconds wall_time(const TimeZone& zone, const std::optional<Schedule>& schedule, Moment moment) {
  LocalTime local = zone.to_local(moment);
  if (schedule && schedule->unit != Schedule::Unit::interval &&
      zone.to_moment({local.date, schedule->time_of_day}) == moment)
    local.time_of_day = schedule->time_of_day;
  return std::chrono::sys_days(local.date).time_since_epoch() + local.time_of_day;
}

}  // namespace

AgainAfter::AgainAfter(Session& session, const Rule& rule)
    : session_(session), again_(parse_duration(rule.again)) {
  if (again_) schedule_ = *parse_schedule(rule.every);
}

// Also by the clock on the wall: a rule of every Monday with `again: 7d` acts on the Monday after the night
// that is an hour shorter.
bool AgainAfter::is_due(Moment acted) const {
  if (!again_) return false;
  const Moment now = session_.now();
  const TimeZone& zone = session_.zone();
  return now - acted >= *again_ ||
         wall_time(zone, schedule_, now) - wall_time(zone, schedule_, acted) >= *again_;
}

Matches compare_matches(Session& session, const Rule& rule, const std::vector<std::int64_t>& matching) {
  std::vector<std::pair<std::int64_t, std::optional<std::int64_t>>> known;
  const Param params[] = {rule.name};
  session.state().connection->each(
      "SELECT record, acted_at FROM rule_match WHERE rule = $1 ORDER BY record", params,
      [&](const Row& row) { known.emplace_back(row.integer(0), row.optional_integer(1)); });
  const AgainAfter again(session, rule);
  Matches matches;
  auto at = known.begin();
  for (const std::int64_t id : matching) {
    for (; at != known.end() && at->first < id; ++at) matches.ceased.push_back(at->first);
    if (at == known.end() || at->first != id) {
      matches.acted_on.push_back(id);
      continue;
    }
    const bool due_again = at->second && again.is_due(Moment(std::chrono::seconds(*at->second)));
    (due_again ? matches.acted_on : matches.held).push_back(id);
    ++at;
  }
  for (; at != known.end(); ++at) matches.ceased.push_back(at->first);
  return matches;
}

bool is_new(const Process& before, const Rule& rule) {
  return std::none_of(before.rules.begin(), before.rules.end(), [&](const Rule& one) {
    return one.name == rule.name && one.event.type == EventType::schedule;
  });
}

void note_match(Session& session, const Rule& rule, std::int64_t record, bool acted) {
  const Param params[] = {rule.name, record, acted ? Param(now_seconds(session)) : Param()};
  session.state().connection->execute(
      "INSERT INTO rule_match (rule, record, acted_at) VALUES ($1, $2, $3) ON CONFLICT (rule, record) DO "
      "UPDATE SET acted_at = $3",
      params);
}

void forget_matches(Session& session, const Rule& rule, const std::vector<std::int64_t>& records) {
  for (const std::int64_t record : records) {
    const Param params[] = {rule.name, record};
    session.state().connection->execute("DELETE FROM rule_match WHERE rule = $1 AND record = $2", params);
  }
}

}  // namespace crm
