#include "engine/timers.h"

#include <algorithm>
#include <map>

#include "base/text.h"
#include "engine/clock.h"
#include "engine/messages.h"
#include "engine/reactions.h"
#include "engine/record_texts.h"
#include "engine/rule_reactor.h"
#include "engine/scheduled_rule.h"
#include "engine/unix_seconds.h"
#include "entity/descriptors.h"
#include "records/write_record.h"

namespace crm {
namespace {

constexpr const char* kStage = "stage";
constexpr const char* kRespond = "respond";
constexpr const char* kResolve = "resolve";

// Something that happens once a part of the limit has passed: a step of the escalation, or (null) the limit
// itself.
struct Point {
  int percent = 100;
  const SlaStep* step = nullptr;
};

std::vector<Point> points_of(const SlaRow& row) {
  std::vector<Point> points;
  for (const SlaStep& step : row.steps) points.push_back({step.percent, &step});
  const auto after_limit =
      std::find_if(points.begin(), points.end(), [](const Point& point) { return point.percent > 100; });
  points.insert(after_limit, Point{});
  return points;
}

struct TimerRow {
  std::string name;
  std::int64_t started_at = 0;
  std::optional<std::int64_t> limit_at, due_at;
  std::int64_t step = 0;
  std::string state = "running";
  friend bool operator==(const TimerRow&, const TimerRow&) = default;
};

class RecordTimers {
 public:
  RecordTimers(Session& session, const StoredRecord& record, TimerStart start)
      : session_(session), process_(session.state().process()), record_(record), start_(start) {
    const Param params[] = {static_cast<std::int64_t>(record.id.kind), record.id.id};
    session.state().connection->each(
        "SELECT name, started_at, limit_at, due_at, step, state FROM timer WHERE kind = $1 AND record = $2",
        params, [&](const Row& row) {
          known_[std::string(row.text(0))] = {std::string(row.text(0)), row.integer(1),
                                              row.optional_integer(2),  row.optional_integer(3),
                                              row.integer(4),           std::string(row.text(5))};
        });
  }

  void bring_up_to_date() {
    if (!record_.deleted_at) {
      set_stage_timer();
      set_sla_timers();
    }
    write();
  }

 private:
  // Where it is not known, since now: an import need not say.
  std::int64_t moment(std::string_view field) const {
    const std::size_t at = session_.view(record_.id.kind).position(field);
    return (at == KindView::npos ? std::nullopt : record_.integer(at)).value_or(now_seconds(session_));
  }
  const Stage* stage() const {
    const std::size_t at = session_.view(record_.id.kind).position("stage");
    return at == KindView::npos ? nullptr : process_.find_stage(record_.id.kind, record_.text(at));
  }
  bool is_closed() const { return stage() != nullptr && stage()->outcome != Outcome::none; }

  // A timer that began later than the record says was begun anew after a deletion. What the record does not
  // say is what was taken first.
  std::int64_t beginning(const char* name, std::string_view field) const {
    if (start_ == TimerStart::now) return now_seconds(session_);
    const auto known = known_.find(name);
    if (known == known_.end()) return moment(field);
    const std::size_t at = session_.view(record_.id.kind).position(field);
    const bool says = at != KindView::npos && record_.integer(at).has_value();
    return says ? std::max(moment(field), known->second.started_at) : known->second.started_at;
  }

  // The steps that acted when the clock ran from the same moment.
  std::int64_t steps_taken(const char* name, std::int64_t started_at) const {
    const auto known = known_.find(name);
    return known != known_.end() && known->second.started_at == started_at ? known->second.step : 0;
  }

  void set_stage_timer() {
    const Stage* in = stage();
    const auto dwell = in == nullptr ? std::nullopt : parse_dwell(in->within);
    if (!dwell) return;
    TimerRow row{kStage, beginning(kStage, "stage_entered_at"), {}, {}, 0, "running"};
    const LimitClock clock(process_.calendar, session_.zone(), *dwell, moment_of(row.started_at), {});
    row.step = steps_taken(kStage, row.started_at);
    take_times(row, clock, {Point{}});
  }

  void set_sla_timers() {
    const auto& rows = process_.sla_of(record_.id.kind);
    const auto found = std::find_if(rows.begin(), rows.end(), [&](const SlaRow& row) {
      return holds(session_, row.when, record_, &record_);
    });
    if (found == rows.end()) return;
    const bool answered = has_talk();
    set_clock(kRespond, found->respond, *found, answered);
    set_clock(kResolve, found->resolve, *found, is_closed());
  }

  void set_clock(const char* name, const std::string& limit, const SlaRow& sla, bool met) {
    const auto dwell = parse_dwell(limit);
    if (!dwell || (is_closed() && !met)) return;
    TimerRow row{name, beginning(name, "created_at"), {}, {}, 0, "running"};
    row.step = steps_taken(name, row.started_at);
    const LimitClock clock(process_.calendar, session_.zone(), *dwell, moment_of(row.started_at),
                           pauses(sla, row.started_at));
    take_times(row, clock, points_of(sla), met);
  }

  void take_times(TimerRow row, const LimitClock& clock, const std::vector<Point>& points, bool met = false) {
    if (const auto limit = clock.at(100)) row.limit_at = seconds_of(*limit);
    const auto known = known_.find(row.name);
    const bool is_new = known == known_.end() || known->second.started_at != row.started_at;
    if (start_ == TimerStart::imported && is_new) pass_over(row, clock, points);
    if (met) {
      row.state = "met";
    } else if (row.state != "missed" && static_cast<std::size_t>(row.step) >= points.size()) {
      row.state = !is_new && known->second.state == "missed" ? "missed" : "over";
    } else if (row.state != "missed") {
      const auto due = clock.at(points[static_cast<std::size_t>(row.step)].percent);
      if (due) row.due_at = seconds_of(*due);
      row.state = due ? "running" : "paused";
    }
    wanted_.push_back(std::move(row));
  }

  // An import sets off nothing that was due before it.
  void pass_over(TimerRow& row, const LimitClock& clock, const std::vector<Point>& points) const {
    for (const Point& point : points) {
      const auto due = clock.at(point.percent);
      if (!due || seconds_of(*due) > now_seconds(session_)) return;
      ++row.step;
    }
    row.state = "missed";
  }

  bool has_talk() const {
    const Param params[] = {static_cast<std::int64_t>(record_.id.kind), record_.id.id};
    return session_.state().connection->exists(
        "SELECT 1 FROM followup WHERE about_kind = $1 AND about_id = $2 AND at IS NOT NULL AND deleted_at IS "
        "NULL LIMIT 1",
        params);
  }

  std::vector<Pause> pauses(const SlaRow& sla, std::int64_t since) const {
    std::vector<Pause> result;
    if (sla.pause.empty()) return result;
    const auto stands_still = [&](std::string_view name) {
      return std::find(sla.pause.begin(), sla.pause.end(), name) != sla.pause.end();
    };
    const Param params[] = {static_cast<std::int64_t>(record_.id.kind), record_.id.id};
    session_.state().connection->each(
        "SELECT to_stage, at FROM stage_change WHERE record_kind = $1 AND record_id = $2 AND deleted_at IS "
        "NULL ORDER BY at, id",
        params, [&](const Row& row) {
          const Moment at = moment_of(std::max(row.integer(1), since));
          if (!result.empty() && !result.back().to) result.back().to = at;
          if (stands_still(row.text(0))) result.push_back({at, std::nullopt});
        });
    // The change that brought it here may still be to be written.
    const std::string& now_in = stage() != nullptr ? stage()->name : std::string();
    const bool open = !result.empty() && !result.back().to;
    const Moment entered = moment_of(std::max(moment("stage_entered_at"), since));
    if (open && !stands_still(now_in)) result.back().to = entered;
    if (!open && stands_still(now_in)) result.push_back({entered, std::nullopt});
    return result;
  }

  void write() {
    Connection& connection = *session_.state().connection;
    const auto kind = static_cast<std::int64_t>(record_.id.kind);
    for (const TimerRow& row : wanted_) {
      const auto known = known_.find(row.name);
      const bool same = known != known_.end() && known->second == row;
      if (known != known_.end()) known_.erase(known);
      if (same) continue;
      const Param params[] = {kind,         record_.id.id, row.name, row.started_at,
                              row.limit_at, row.due_at,    row.step, row.state};
      connection.execute(
          "INSERT INTO timer (kind, record, name, started_at, limit_at, due_at, step, state) VALUES ($1, $2, "
          "$3, $4, $5, $6, $7, $8) "
          "ON CONFLICT (kind, record, name) DO UPDATE SET started_at = $4, limit_at = $5, due_at = $6, step "
          "= $7, state = $8",
          params);
    }
    for (const auto& [name, row] : known_) {
      const Param params[] = {kind, record_.id.id, name};
      connection.execute("DELETE FROM timer WHERE kind = $1 AND record = $2 AND name = $3", params);
    }
  }

  Session& session_;
  const Process& process_;
  const StoredRecord& record_;
  TimerStart start_;
  std::map<std::string, TimerRow> known_;
  std::vector<TimerRow> wanted_;
};

bool same_limits(const Process& before, const Process& after, Kind kind) {
  const auto same_stage = [](const Stage& a, const Stage& b) {
    return a.name == b.name && a.within == b.within && a.outcome == b.outcome;
  };
  const auto same_row = [](const SlaRow& a, const SlaRow& b) {
    return a.when == b.when && a.respond == b.respond && a.resolve == b.resolve && a.pause == b.pause &&
           a.steps == b.steps;
  };
  if (before.calendar != after.calendar || before.timezone != after.timezone) return false;
  const auto& stages = before.stages_of(kind);
  const auto& others = after.stages_of(kind);
  const auto& rows = before.sla_of(kind);
  const auto& other_rows = after.sla_of(kind);
  return std::equal(stages.begin(), stages.end(), others.begin(), others.end(), same_stage) &&
         std::equal(rows.begin(), rows.end(), other_rows.begin(), other_rows.end(), same_row);
}

// The records of the kind that have clocks, or are to have some.
std::vector<std::int64_t> concerned(Session& session, Kind kind) {
  const Process& process = session.state().process();
  std::vector<std::int64_t> ids;
  std::string stages;
  for (const Stage& stage : process.stages_of(kind)) {
    if (!stage.within.empty()) stages += (stages.empty() ? "stage in ('" : "', '") + stage.name;
  }
  std::vector<std::string> conditions;
  if (!stages.empty()) conditions.push_back(stages + "')");
  for (const SlaRow& row : process.sla_of(kind)) conditions.push_back(row.when);
  for (const std::string& condition : conditions) {
    const auto matching = matching_records(session, kind, condition);
    ids.insert(ids.end(), matching.begin(), matching.end());
    if (condition.empty()) break;  // those are all
  }
  const Param params[] = {static_cast<std::int64_t>(kind)};
  session.state().connection->each("SELECT record FROM timer WHERE kind = $1", params,
                                   [&](const Row& row) { ids.push_back(row.integer(0)); });
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

// The row of the table that gives the record its clocks.
const SlaRow* sla_row(Session& session, const StoredRecord& record) {
  for (const SlaRow& row : session.state().process().sla_of(record.id.kind)) {
    if (holds(session, row.when, record, &record)) return &row;
  }
  return nullptr;
}

void note_step(Session& session, const DueTimer& due, const std::optional<Moment>& next, std::int64_t step,
               const char* state) {
  const Param params[] = {static_cast<std::int64_t>(due.record.kind), due.record.id, due.name,
                          next ? Param(seconds_of(*next)) : Param(),  step,          state};
  session.state().connection->execute(
      "UPDATE timer SET due_at = $4, step = $5, state = $6 WHERE kind = $1 AND record = $2 AND name = $3",
      params);
}

std::string tell(Session& session, const StoredRecord& record, const DueTimer& due, const SlaStep& step) {
  RecordMessage message;
  message.rule = "sla-" + due.name + "-" + std::to_string(step.percent);
  message.to = step.to;
  message.template_name = step.template_name;
  const std::string what = due.name == kRespond ? "to be answered" : "to be settled";
  message.subject = "{{#if zh}}{{name}}:时限已过 " + std::to_string(step.percent) + "%{{else}}{{name}} is " +
                    what + ": " + std::to_string(step.percent) + "% of the time has passed{{/if}}";
  message.body = "{{#if zh}}{{name}}({{record}})的处理时限已过 " + std::to_string(step.percent) +
                 "%,当前阶段 {{stage}},负责人 {{owner}}。\n{{else}}{{name}} ({{record}}) is " + what + ": " +
                 std::to_string(step.percent) +
                 "% of the time has passed. Stage: {{stage}}. Owner: {{owner}}.\n{{/if}}";
  message.cause = Reactions::of(session).cause(session);
  return due.name + " " + std::to_string(step.percent) + "%: " + send_about(session, record, message);
}

// Whether the edit leaves all that the record's clocks were made from as it was: most edits do.
bool leaves_clocks(Session& session, const RecordChange& change) {
  if (change.action != Action::edit || change.before == nullptr) return false;
  const KindView& view = session.view(change.after.id.kind);
  for (const std::string_view name : {"stage", "stage_entered_at", "created_at"}) {
    const std::size_t at = view.position(name);
    if (at != KindView::npos && (*change.before)[at] != change.after[at]) return false;
  }
  for (const SlaRow& row : session.state().process().sla_of(change.after.id.kind)) {
    if (row.when.empty()) return true;
    if (!depends_on_record_alone(session, change.after.id.kind, row.when)) return false;
    const bool held = holds(session, row.when, *change.before, change.before);
    if (held != holds(session, row.when, change.after, &change.after)) return false;
    if (held) return true;
  }
  return true;
}

// A file may bring many talks about one record, and looking for them waits until they are indexed.
void keep_for_later(Session& session, RecordId record) {
  std::unique_ptr<RecordSet>& clocks = Reactions::of(session).clocks;
  if (!clocks) clocks = std::make_unique<RecordSet>(session, "import_clocks");
  clocks->add(record);
}

}  // namespace

bool has_limits(const Process& process, Kind kind) {
  const auto& stages = process.stages_of(kind);
  return !process.sla_of(kind).empty() ||
         std::any_of(stages.begin(), stages.end(), [](const Stage& stage) { return !stage.within.empty(); });
}

void set_timers(Session& session, RecordId id, TimerStart start) {
  if (!has_limits(session.state().process(), id.kind)) return;
  if (const auto record = find_record(session, id, true))
    RecordTimers(session, *record, start).bring_up_to_date();
}

void follow_timers(Session& session, const RecordChange& change) {
  const Process& process = session.state().process();
  const bool imported = change.origin == Origin::imported;
  const TimerStart start = change.action == Action::restore ? TimerStart::now
                           : imported                       ? TimerStart::imported
                                                            : TimerStart::as_known;
  if (change.after.id.kind == Kind::followup) {
    const auto about = parse_record_id(change.after.text(field<Kind::followup>("about")));
    if (!about || process.sla_of(about->kind).empty()) return;
    if (imported && !session.state().imports_run_rules) {
      keep_for_later(session, *about);
    } else {
      set_timers(session, *about, imported ? TimerStart::imported : TimerStart::as_known);
    }
    return;
  }
  if (has_limits(process, change.after.id.kind) && !leaves_clocks(session, change))
    RecordTimers(session, change.after, start).bring_up_to_date();
}

void reset_timers(Session& session, const Process& before) {
  const Process& process = session.state().process();
  for (const Entity& kind : entities()) {
    if (!kind.has_stages || same_limits(before, process, kind.kind)) continue;
    const Param params[] = {static_cast<std::int64_t>(kind.kind)};
    if (!has_limits(process, kind.kind)) {
      session.state().connection->execute("DELETE FROM timer WHERE kind = $1", params);
      continue;
    }
    // What the new limits would have made due already acts at the next run: that is what a stricter limit
    // asks for.
    for (const std::int64_t id : concerned(session, kind.kind))
      set_timers(session, {kind.kind, id}, TimerStart::as_known);
  }
}

std::optional<std::int64_t> next_timer(Connection& connection) {
  return connection.query_integer(
      "SELECT due_at FROM timer WHERE due_at IS NOT NULL ORDER BY due_at LIMIT 1");
}

std::optional<DueTimer> due_timer(Connection& connection, std::int64_t until) {
  std::optional<DueTimer> due;
  const Param params[] = {until};
  connection.each(
      "SELECT kind, record, name, due_at, step FROM timer WHERE due_at <= $1 ORDER BY due_at, kind, record, "
      "name LIMIT 1",
      params, [&](const Row& row) {
        due = DueTimer{{static_cast<Kind>(row.integer(0)), row.integer(1)},
                       std::string(row.text(2)),
                       row.integer(3),
                       row.integer(4)};
      });
  return due;
}

void stop_timer(Session& session, const DueTimer& due) {
  const Param params[] = {static_cast<std::int64_t>(due.record.kind), due.record.id, due.name};
  session.state().connection->execute(
      "UPDATE timer SET due_at = NULL, step = step + 1, state = 'over' WHERE kind = $1 AND record = $2 AND "
      "name = $3",
      params);
}

std::string fire(Session& session, const DueTimer& due) {
  const auto record = find_record(session, due.record);
  const SlaRow* row = record && due.name != kStage ? sla_row(session, *record) : nullptr;
  const std::vector<Point> points = row != nullptr ? points_of(*row) : std::vector<Point>{Point{}};
  if (!record || static_cast<std::size_t>(due.step) >= points.size()) {
    note_step(session, due, std::nullopt, due.step, "over");
    return {};
  }
  // First that it acted, then the act: what it sets off may give the record other timers.
  note_step(session, due, std::nullopt, due.step + 1, "over");
  if (static_cast<std::size_t>(due.step) + 1 < points.size())
    set_timers(session, due.record, TimerStart::as_known);
  const Point& point = points[static_cast<std::size_t>(due.step)];
  if (point.step != nullptr) return tell(session, *record, due, *point.step);
  raise_event(session, {EventType::overdue, due.record.kind, {}}, due.record);
  return (due.name == kStage ? "stage " + shown_value(session, *record, "stage") : due.name) + " overdue";
}

}  // namespace crm
