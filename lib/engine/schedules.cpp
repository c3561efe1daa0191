#include "engine/schedules.h"

#include <algorithm>
#include <map>

#include "engine/unix_seconds.h"
#include "records/session_state.h"

namespace crm {
namespace {

// Up to when each schedule has run, or since when it counts, by name. One that is not there counts since its
// revision was applied.
class PastRuns {
 public:
  explicit PastRuns(Connection& connection) {
    connection.each("SELECT name, since, ran_for FROM schedule_run", {}, [&](const Row& row) {
      runs_[std::string(row.text(0))] =
          moment_of(std::max(row.integer(1), row.optional_integer(2).value_or(row.integer(1))));
    });
    revision_ = moment_of(
        connection.query_integer("SELECT applied_at FROM workflow_revision ORDER BY id DESC LIMIT 1")
            .value_or(0));
  }
  Moment until(const std::string& name) const {
    const auto found = runs_.find(name);
    return found == runs_.end() ? revision_ : found->second;
  }

 private:
  std::map<std::string, Moment> runs_;
  Moment revision_{};
};

bool changes_by_time(const Process& process) {
  const auto some = [](const auto& rows) { return !rows.empty(); };
  return std::any_of(process.pools.begin(), process.pools.end(),
                     [](const auto& pool) { return pool && !pool->recycle.empty(); }) ||
         std::any_of(process.scores.begin(), process.scores.end(), some) ||
         std::any_of(process.levels.begin(), process.levels.end(), some);
}

template <typename Visit>
void each_schedule(const Process& process, const Visit& visit) {
  for (const Rule& rule : process.rules) {
    if (const auto schedule = parse_schedule(rule.every)) visit(Planned{&rule, nullptr, {}}, *schedule);
  }
  for (const Reminder& reminder : process.reminders) {
    if (const auto schedule = parse_schedule(reminder.every))
      visit(Planned{nullptr, &reminder, {}}, *schedule);
  }
  if (changes_by_time(process)) visit(Planned{}, Schedule{});
}

void sort_by_time(std::vector<Planned>& planned) {
  std::stable_sort(planned.begin(), planned.end(),
                   [](const Planned& a, const Planned& b) { return a.at < b.at; });
}

}  // namespace

void note_schedules(Session& session, const Process& before) {
  Connection& connection = *session.state().connection;
  std::map<std::string, std::string> former;
  each_schedule(before, [&](const Planned& planned, const Schedule&) {
    former.emplace(planned.name(), planned.every());
  });
  each_schedule(session.state().process(), [&](const Planned& planned, const Schedule&) {
    const auto known = former.find(planned.name());
    const bool as_before = known != former.end() && known->second == planned.every();
    if (known != former.end()) former.erase(known);
    const Param params[] = {planned.name(), now_seconds(session), as_before ? 1 : 0};
    connection.execute(
        "INSERT INTO schedule_run (name, since) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET since = $2 "
        "WHERE $3 = 0",
        params);
  });
  for (const auto& [name, every] : former) {
    const Param gone[] = {name};
    connection.execute("DELETE FROM rule_match WHERE rule = $1", gone);
  }
}

std::vector<Planned> due_schedules(Session& session, Moment until) {
  std::vector<Planned> due;
  const PastRuns past(*session.state().connection);
  each_schedule(session.state().process(), [&](Planned planned, const Schedule& schedule) {
    planned.at = period_start(schedule, until, session.zone(), session.state().process().calendar);
    const Moment last = past.until(planned.name());
    // A clock that was ahead and has been set right since must not silence a reminder: what it made then, it
    // does not make again.
    const bool was_ahead = planned.reminder != nullptr && last > until;
    if (planned.at > last || was_ahead) due.push_back(planned);
  });
  sort_by_time(due);
  return due;
}

std::vector<Planned> next_schedules(Session& session) {
  std::vector<Planned> next;
  const PastRuns past(*session.state().connection);
  each_schedule(session.state().process(), [&](Planned planned, const Schedule& schedule) {
    planned.at =
        next_start(schedule, past.until(planned.name()), session.zone(), session.state().process().calendar);
    next.push_back(planned);
  });
  sort_by_time(next);
  return next;
}

void note_ran(Session& session, const Planned& planned) {
  const std::int64_t at = planned.at.time_since_epoch().count();
  const Param params[] = {planned.name(), at};
  session.state().connection->execute(
      "INSERT INTO schedule_run (name, since, ran_for) VALUES ($1, $2, $2) ON CONFLICT (name) DO UPDATE SET "
      "ran_for = $2, since = min(since, $2)",
      params);
}

}  // namespace crm
