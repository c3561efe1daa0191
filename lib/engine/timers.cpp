#include "engine/timers.h"

#include <algorithm>
#include <map>

#include "base/text.h"
#include "engine/clock.h"
#include "engine/reactions.h"
#include "engine/rule_reactor.h"
#include "engine/scheduled_rule.h"
#include "engine/sla_points.h"
#include "engine/unix_seconds.h"
#include "entity/descriptors.h"
#include "records/write_record.h"

namespace crm {
namespace {

struct TimerRow {
  std::string name;
  std::int64_t started_at = 0;
  std::optional<std::int64_t> limit_at, due_at;
  std::string row;  // of the SLA, by its condition
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
        "SELECT name, started_at, limit_at, due_at, row, step, state FROM timer WHERE kind = $1 AND record = "
        "$2",
        params, [&](const Row& row) {
          known_[std::string(row.text(0))] = {
              std::string(row.text(0)), row.integer(1), row.optional_integer(2), row.optional_integer(3),
              std::string(row.text(4)), row.integer(5), std::string(row.text(6))};
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

  // The steps of the row that acted when the clock ran from the same moment.
  std::int64_t steps_taken(const TimerRow& row) const {
    const auto known = known_.find(row.name);
    if (known != known_.end() && known->second.started_at == row.started_at &&
        (known->second.row == row.row || is_written_anew(known->second.row)))
      return known->second.step;
    const Param params[] = {static_cast<std::int64_t>(record_.id.kind), record_.id.id, row.name, row.row,
                            row.started_at};
    return session_.state()
        .connection
        ->query_integer(
            "SELECT step FROM timer_former WHERE kind = $1 AND record = $2 AND name = $3 AND row = $4 AND "
            "started_at = $5",
            params)
        .value_or(0);
  }

  // A condition that the workflow no longer has was changed there, and what acted by it has acted.
  bool is_written_anew(const std::string& when) const {
    const auto& rows = process_.sla_of(record_.id.kind);
    return std::none_of(rows.begin(), rows.end(), [&](const SlaRow& row) { return row.when == when; });
  }

  void set_stage_timer() {
    const Stage* in = stage();
    const auto dwell = in == nullptr ? std::nullopt : parse_dwell(in->within);
    if (!dwell) return;
    TimerRow row{kStageTimer, beginning(kStageTimer, "stage_entered_at"), {}, {}, {}, 0, "running"};
    const LimitClock clock(process_.calendar, session_.zone(), *dwell, moment_of(row.started_at), {});
    const auto known = known_.find(kStageTimer);
    if (known != known_.end() && known->second.started_at == row.started_at) row.step = known->second.step;
    take_times(row, clock, {SlaPoint{}});
  }

  void set_sla_timers() {
    const SlaRow* found = sla_row(session_, record_);
    if (found == nullptr) return;
    set_clock(kRespondTimer, found->respond, *found, first_talk());
    set_clock(kResolveTimer, found->resolve, *found,
              is_closed() ? std::optional(moment("closed_at")) : std::nullopt);
  }

  // `met_at`: when what the clock waits for was done.
  void set_clock(const char* name, const std::string& limit, const SlaRow& sla,
                 std::optional<std::int64_t> met_at) {
    const auto dwell = parse_dwell(limit);
    if (!dwell || (is_closed() && !met_at)) return;
    TimerRow row{name, beginning(name, "created_at"), {}, {}, sla.when, 0, "running"};
    row.step = steps_taken(row);
    const LimitClock clock(process_.calendar, session_.zone(), *dwell, moment_of(row.started_at),
                           pauses(sla, row.started_at));
    take_times(row, clock, points_of(sla), met_at);
  }

  void take_times(TimerRow row, const LimitClock& clock, const std::vector<SlaPoint>& points,
                  std::optional<std::int64_t> met_at = {}) {
    if (const auto limit = clock.at(100)) row.limit_at = seconds_of(*limit);
    const auto known = known_.find(row.name);
    const bool is_new = known == known_.end() || known->second.started_at != row.started_at;
    const bool was_missed = !is_new && known->second.state == "missed" && known->second.row != row.row;
    if (was_missed) row.step = 0;
    if ((start_ == TimerStart::imported && is_new) || was_missed) pass_over(row, clock, points);
    if (met_at) {
      row.state = row.limit_at && *met_at > *row.limit_at ? "late" : "met";
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
  void pass_over(TimerRow& row, const LimitClock& clock, const std::vector<SlaPoint>& points) const {
    for (const SlaPoint& point : points) {
      const auto due = clock.at(point.percent);
      if (!due || seconds_of(*due) > now_seconds(session_)) return;
      ++row.step;
    }
    row.state = "missed";
  }

  std::optional<std::int64_t> first_talk() const {
    const Param params[] = {static_cast<std::int64_t>(record_.id.kind), record_.id.id};
    return session_.state().connection->query_integer(
        "SELECT min(at) FROM followup WHERE about_kind = $1 AND about_id = $2 AND at IS NOT NULL AND "
        "deleted_at IS NULL",
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
    Reactions* const reactions = Reactions::find(session_);
    if (reactions != nullptr && reactions->rewritten_clocks != nullptr)
      reactions->rewritten_clocks->push_back(record_.id);
    for (const TimerRow& row : wanted_) {
      const auto known = known_.find(row.name);
      const bool same = known != known_.end() && known->second == row;
      if (known != known_.end()) {
        if (known->second.row != row.row) remember(known->second);
        known_.erase(known);
      }
      if (same) continue;
      const Param params[] = {kind,       record_.id.id, row.name,  row.started_at, row.limit_at,
                              row.due_at, row.step,      row.state, row.row};
      connection.execute(
          "INSERT INTO timer (kind, record, name, started_at, limit_at, due_at, step, state, row) VALUES "
          "($1, "
          "$2, $3, $4, $5, $6, $7, $8, $9) "
          "ON CONFLICT (kind, record, name) DO UPDATE SET started_at = $4, limit_at = $5, due_at = $6, step "
          "= $7, state = $8, row = $9",
          params);
    }
    for (const auto& [name, row] : known_) {
      remember(row);
      const Param params[] = {kind, record_.id.id, name};
      connection.execute("DELETE FROM timer WHERE kind = $1 AND record = $2 AND name = $3", params);
    }
  }

  // The clock runs by another row from now on, or by none.
  void remember(const TimerRow& row) {
    if (row.step == 0 || row.name == kStageTimer) return;
    const Param params[] = {static_cast<std::int64_t>(record_.id.kind),
                            record_.id.id,
                            row.name,
                            row.row,
                            row.started_at,
                            row.step};
    session_.state().connection->execute(
        "INSERT INTO timer_former (kind, record, name, row, started_at, step) VALUES ($1, $2, $3, $4, $5, "
        "$6) "
        "ON CONFLICT (kind, record, name, row) DO UPDATE SET started_at = $5, step = $6",
        params);
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

namespace {

// A follow-up that was written may answer what it is about, or no longer what it was about before.
void follow_subjects(Session& session, const RecordChange& change) {
  const bool imported = change.origin == Origin::imported;
  constexpr std::size_t kAbout = field<Kind::followup>("about");
  const auto follow = [&](const std::string& subject) {
    const auto about = parse_record_id(subject);
    if (!about || session.state().process().sla_of(about->kind).empty()) return;
    if (imported && !session.state().imports_run_rules) {
      keep_for_later(session, *about);
    } else {
      set_timers(session, *about, imported ? TimerStart::imported : TimerStart::as_known);
    }
  };
  follow(change.after.text(kAbout));
  if (change.before != nullptr && change.before->text(kAbout) != change.after.text(kAbout))
    follow(change.before->text(kAbout));
}

}  // namespace

void follow_timers(Session& session, const RecordChange& change) {
  if (change.after.id.kind == Kind::followup) return follow_subjects(session, change);
  const TimerStart start = change.action == Action::restore && change.origin == Origin::command
                               ? TimerStart::now
                           : change.origin == Origin::imported ? TimerStart::imported
                                                               : TimerStart::as_known;
  if (has_limits(session.state().process(), change.after.id.kind) && !leaves_clocks(session, change))
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

}  // namespace crm
