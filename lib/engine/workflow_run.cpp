// Does what is due.
#include <algorithm>
#include <chrono>
#include <set>
#include <utility>

#include "base/text.h"
#include "crm/remind.h"
#include "crm/rules.h"
#include "engine/act_at.h"
#include "engine/approvals.h"
#include "engine/daily_look.h"
#include "engine/due_queue.h"
#include "engine/due_timers.h"
#include "engine/reactions.h"
#include "engine/rule_runner.h"
#include "engine/run_lease.h"
#include "engine/run_log.h"
#include "engine/scheduled_rule.h"
#include "engine/schedules.h"
#include "records/rights.h"
#include "records/session_state.h"
#include "records/write_record.h"
#include "reminders/make_digests.h"

namespace crm {
namespace {

// Many things are done in one transaction, since a commit each would cost more than they do: for at most so
// long, that others who write need not wait.
class Batch {
 public:
  bool is_over() const { return std::chrono::steady_clock::now() >= end_; }

 private:
  std::chrono::steady_clock::time_point end_ =
      std::chrono::steady_clock::now() + std::chrono::milliseconds(300);
};

// So many things share a savepoint.
constexpr int kTogether = 100;

// So many clocks that are due are looked for at once.
constexpr std::size_t kFewAtOnce = 100;
constexpr std::size_t kManyAtOnce = 10'000;

class Run {
 public:
  Run(Session& session, RunLease& lease)
      : session_(session),
        state_(session.state()),
        lease_(lease),
        until_(session.now()),
        careful_(state_.write_depth > 0) {}

  WorkflowRun all() {
    while (do_earliest()) {
    }
    prune_runs(session_);
    for (Line& line : lines_) result_.lines.push_back(std::move(line.text));
    return std::move(result_);
  }

 private:
  bool do_earliest() {
    const auto timer = next_timer(*state_.connection);
    const auto deadline = next_deadline(*state_.connection);
    std::vector<Planned> planned = due_schedules(session_, until_);
    // One that could not be carried out is not tried again in this run.
    planned.erase(std::remove_if(planned.begin(), planned.end(),
                                 [&](const Planned& one) { return failed_.count(one.name()) > 0; }),
                  planned.end());
    const Moment schedule = planned.empty() ? Moment::max() : planned.front().at;
    const Moment approval = deadline ? Moment(std::chrono::seconds(*deadline)) : Moment::max();
    const Moment clock = timer ? Moment(std::chrono::seconds(*timer)) : Moment::max();
    const Moment earliest = std::min({schedule, approval, clock});
    if (earliest > until_) return false;
    if (earliest == clock) {
      do_timers(std::min({until_, schedule, approval}));
    } else if (earliest == approval) {
      do_deadlines(std::min(until_, schedule));
    } else if (planned.front().rule != nullptr) {
      do_rule(planned.front());
    } else if (planned.front().reminder == nullptr) {
      do_daily(planned.front());
    } else {
      do_reminder(planned.front());
    }
    return true;
  }

  // What is told of something that was done.
  struct Line {
    Moment at;
    std::string text;
  };

  // How far the matches of a rule are done.
  struct Progress {
    std::size_t next = 0;
    std::int64_t acted = 0;
  };

  // How far the run has come.
  struct Mark {
    Progress progress;
    std::size_t lines;
    std::int64_t done;
  };
  Mark mark(const Progress& progress) const { return {progress, lines_.size(), result_.done}; }
  void take_back(const Mark& mark, Progress& progress) {
    progress = mark.progress;
    lines_.resize(mark.lines);
    result_.done = mark.done;
    together_ = false;
    in_change_.clear();
    state_.aftermath.clear();
  }

  // A transaction of many acts. A savepoint keeps a copy of each page that is written in it, so there are
  // none until one of the acts fails: then all are taken back, and done again with care.
  template <typename Acts>
  void transact(Progress& progress, const Acts& acts) {
    const Mark before = mark(progress);
    const std::size_t notices = state_.notices.size();
    const auto act_once = [&] {
      Write write(session_);
      acts();
      write.commit();
    };
    if (careful_) return act_once();
    try {
      return act_once();
    } catch (const Error& error) {
      if (is_outside(error)) throw;
    }
    take_back(before, progress);
    state_.notices.resize(std::min(state_.notices.size(), notices));
    careful_ = true;
    act_once();
  }

  // Does what `next` does, over and over, until it returns false or the time of a batch is over. With care,
  // many are under one savepoint, since one each would cost as much as what they do; where one of them fails
  // all these are taken back, and done again each under its own.
  template <typename Next>
  void carry_out_all(Progress& progress, const Next& next) {
    state_.connection->prepare_scattered_writes();
    lease_.renew();
    const Batch batch;
    bool more = true;
    const auto several = [&] {
      for (int i = 0; i < kTogether && more && !batch.is_over(); ++i) more = next();
      end_change();
    };
    together_ = !careful_;
    while (more && !batch.is_over()) {
      const Mark before = mark(progress);
      if (!careful_) {
        several();
      } else if (!all_or_none(several)) {
        take_back(before, progress);
        if (due_) due_->read_anew();
        more = true;
        several();
      }
    }
    together_ = false;
  }

  template <typename Several>
  bool all_or_none(const Several& several) {
    Step step(session_);
    together_ = true;
    try {
      several();
      together_ = false;
      step.keep();
      return true;
    } catch (const Error& error) {
      together_ = false;
      if (is_outside(error)) throw;
    }
    Reactions::of(session_).begin_change();
    return false;
  }

  // One thing, about the subject if it has one; false where it failed and nothing of it is kept. Those that
  // are carried out together are one change of the log, any other is one of its own.
  template <typename Act>
  bool carry_out(Moment at, const std::string& subject, const Act& act) {
    const ActAt acting(session_, at);
    Reactions::of(session_).begin_change();
    const auto act_whole = [&] {
      act();
      settle_reactors(session_);
      if (!together_) end_change();
      ++result_.done;
    };
    if (together_) {
      act_whole();
      return true;
    }
    std::string problem;
    {
      Step step(session_);
      try {
        act_whole();
        step.keep();
        return true;
      } catch (const Error& error) {
        if (is_outside(error)) throw;
        problem = error.message();
      }
    }
    Reactions::of(session_).begin_change();
    result_.failures.push_back(subject.empty() ? problem : subject + ": " + problem);
    for (const auto& left : std::exchange(state_.aftermath, {})) left(session_);
    return false;
  }

  void end_change() {
    state_.close_change();
    in_change_.clear();
  }

  // No fault of what was to be done: it ends the run.
  static bool is_outside(const Error& error) {
    return error.code() == ErrorCode::io || error.code() == ErrorCode::busy;
  }

  static std::string planned_text(Moment at) { return "at-" + format_moment(at, TimeZone()); }

  void do_timers(Moment until) {
    Progress progress;
    transact(progress, [&] {
      const std::size_t lines = lines_.size();
      due_.emplace(session_, until, at_once_);
      std::size_t done = 0;
      carry_out_all(progress, [&] {
        const auto due = due_->next();
        if (due) act_on_time(*due);
        done += due ? 1 : 0;
        return due.has_value();
      });
      due_.reset();
      // More need not be looked for than a transaction has time for.
      at_once_ = std::clamp(2 * done, kFewAtOnce, kManyAtOnce);
      std::stable_sort(lines_.begin() + static_cast<std::ptrdiff_t>(lines), lines_.end(),
                       [](const Line& one, const Line& other) { return one.at < other.at; });
    });
  }

  void act_on_time(const DueTimer& due) {
    const Moment at{std::chrono::seconds(due.due_at)};
    // A rule acts at most once on a record in one change.
    if (!in_change_.insert(key_of(due.record)).second) end_change();
    std::string what;
    const std::string record = to_string(due.record);
    const bool done = carry_out(at, record, [&] {
      Reactions::of(session_).planned = planned_text(at);
      what = fire(session_, due);
    });
    if (done && !what.empty()) tell(at, record + ": " + what);
    if (!done) stop_timer(session_, due);
  }

  void do_deadlines(Moment until) {
    Write write(session_);
    lease_.renew();
    for (const DueDeadline& due : due_deadlines(*state_.connection, until.time_since_epoch().count())) {
      const Moment at{std::chrono::seconds(due.due_at)};
      std::string what;
      if (carry_out(at, {}, [&] { what = escalate_approval(session_, due.request); })) {
        tell(at, what);
      } else {
        stop_deadline(session_, due.request);
      }
    }
    write.commit();
  }

  void do_rule(const Planned& planned) {
    Matches matches;
    try {
      const ActAt acting(session_, planned.at);
      matches = compare_matches(session_, *planned.rule,
                                matching_records(session_, planned.rule->kind, planned.rule->when));
    } catch (const Error& error) {
      result_.failures.push_back("the rule " + quoted(planned.rule->name) + ": " + error.message());
      failed_.insert(planned.name());
      return;
    }
    Progress progress;
    const auto is_over = [&] { return progress.next == matches.acted_on.size(); };
    do {
      transact(progress, [&] {
        if (progress.next == 0) forget_matches(session_, *planned.rule, matches.ceased);
        carry_out_all(progress, [&] {
          if (is_over()) return false;
          if (act_on(planned, matches.acted_on[progress.next++])) ++progress.acted;
          return true;
        });
        if (is_over()) note_ran(session_, planned);
      });
    } while (!is_over());
    if (progress.acted > 0)
      tell(planned.at, planned.rule->name + ": acted on " + std::to_string(progress.acted) + ' ' +
                           plural(planned.rule->kind, progress.acted));
  }

  bool act_on(const Planned& planned, std::int64_t id) {
    const Rule& rule = *planned.rule;
    const RecordId record{rule.kind, id};
    const ActAt acting(session_, planned.at);
    // It may have changed since it was found: by what the rule did to others, or by somebody between two
    // transactions.
    const auto stands = find_record(session_, record);
    if (!stands || !holds(session_, rule.when, *stands, &*stands)) return false;
    return carry_out(planned.at, to_string(record), [&] {
      Reactions& reactions = Reactions::of(session_);
      reactions.planned = planned_text(planned.at);
      note_match(session_, rule, id, true);
      if (reactions.claim(state_, rule, record))
        run_actions(session_, rule, record, planned_text(planned.at));
    });
  }

  // All of it at once; where that fails, each record by itself, so that it fails for this one alone.
  void do_daily(const Planned& planned) {
    Write write(session_);
    lease_.renew();
    DailyLook look;
    const std::vector<std::string> failures = result_.failures;
    const std::int64_t done = result_.done;
    const bool at_once = carry_out(planned.at, {}, [&] {
      look = look_daily(session_, kActAtOnce);
      note_ran(session_, planned);
    });
    if (!at_once) {
      result_.failures = failures;
      look = look_at_each(planned);
    }
    if (look.is_idle()) result_.done = done;
    write.commit();
    if (!look.is_idle()) tell(planned.at, look.told());
  }

  DailyLook look_at_each(const Planned& planned) {
    const ActAt acting(session_, planned.at);
    DailyLook look;
    try {
      look = look_daily(session_, [&](RecordId record, FunctionRef<void()> act) {
        return carry_out(planned.at, to_string(record), act);
      });
      note_ran(session_, planned);
    } catch (const Error& error) {
      if (is_outside(error)) throw;
      result_.failures.push_back(error.message());
      failed_.insert(planned.name());
    }
    return look;
  }

  void do_reminder(const Planned& planned) {
    Write write(session_);
    lease_.renew();
    std::int64_t made = 0;
    const bool done = carry_out(planned.at, {}, [&] {
      made = make_digests(session_, *planned.reminder, result_.without_address);
      note_ran(session_, planned);
    });
    if (!done) failed_.insert(planned.name());
    if (done && made == 0) --result_.done;  // nobody had anything to be reminded of
    write.commit();
    if (made > 0)
      tell(planned.at,
           planned.reminder->name + ": " + std::to_string(made) + (made == 1 ? " message" : " messages"));
  }

  void tell(Moment at, const std::string& what) {
    if (!what.empty()) lines_.push_back({at, format_moment_short(at, session_.zone()) + "  " + what});
  }

  static std::string plural(Kind kind, std::int64_t count) {
    return std::string(count == 1 ? entity(kind).label.en : entity(kind).plural.en);
  }

  Session& session_;
  Session::State& state_;
  RunLease& lease_;
  Moment until_;
  bool careful_;                   // savepoints are made: something failed, or the transaction is not ours
  bool together_ = false;          // what is carried out fails or is kept with others
  std::set<RecordKey> in_change_;  // whose clocks ran out in the open change
  std::size_t at_once_ = kManyAtOnce;
  std::optional<DueQueue> due_;  // while clocks are at work
  std::vector<Line> lines_;
  WorkflowRun result_;
  std::set<std::string> failed_;
};

}  // namespace

std::optional<Moment> next_due(Session& session, Moment until) {
  std::optional<Moment> next;
  const auto consider = [&](Moment moment) {
    if (moment <= until && (!next || moment < *next)) next = moment;
  };
  Connection& connection = *session.state().connection;
  for (const auto& seconds : {next_timer(connection), next_deadline(connection)}) {
    if (seconds) consider(Moment(std::chrono::seconds(*seconds)));
  }
  for (const Planned& planned : next_schedules(session)) consider(planned.at);
  return next;
}

bool is_workflow_running(Session& session) {
  return RunLease::is_held(*session.state().connection);
}

WorkflowRun run_workflow(Session& session, const RunOptions& options) {
  require_see_all(session, "may not run the workflow");
  const WorkflowRights rights(session);
  Connection& connection = *session.state().connection;
  if (!session.dry_run()) refresh_waiting(session);
  const auto is_due = [&](const std::optional<std::int64_t>& at) {
    return at && *at <= now_seconds(session);
  };
  const bool due = is_due(next_timer(connection)) || is_due(next_deadline(connection)) ||
                   !due_schedules(session, session.now()).empty();
  if (!due && !RunLease::is_held(connection)) {
    if (!session.dry_run()) prune_runs(session);
    return {};
  }
  // A dry run is one Write around all that it does, and keeps nothing of it.
  std::optional<Write> dry;
  if (session.dry_run()) dry.emplace(session);
  RunLease lease(session, options.wait);
  return Run(session, lease).all();
}

}  // namespace crm
