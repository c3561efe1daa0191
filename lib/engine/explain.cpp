// Why a record is where it is, and what comes next.
#include <algorithm>
#include <utility>

#include "base/text.h"
#include "crm/ownership.h"
#include "crm/ratings.h"
#include "crm/rules.h"
#include "engine/act_at.h"
#include "engine/record_texts.h"
#include "engine/rule_runner.h"
#include "engine/run_log.h"
#include "engine/scheduled_rule.h"
#include "engine/schedules.h"
#include "ownership/assignment_table.h"
#include "ownership/recycle.h"
#include "records/concealment.h"
#include "records/why_not.h"
#include "records/write_record.h"

namespace crm {
namespace {

struct Line {
  std::string part;
  std::string name;
  std::string outcome;
  std::optional<std::int64_t> at;
  std::string detail;
};

class Explanation {
 public:
  Explanation(Session& session, RecordId id, RowSink& sink)
      : session_(session),
        connection_(*session.state().connection),
        record_(load_record(session, id)),
        sink_(sink) {}

  void tell() {
    static const std::vector<Column> kColumns = {{.name = "part", .label = "part"},
                                                 {.name = "name", .label = "name"},
                                                 {.name = "outcome", .label = "outcome"},
                                                 {.name = "at", .label = "at", .moment = true},
                                                 {.name = "detail", .label = "detail", .wide = true}};
    sink_.begin(kColumns);
    tell_record();
    tell_assignment();
    tell_runs();
    tell_waiting_rules();
    tell_clocks();
    tell_ratings();
    tell_approvals();
    tell_next();
    sink_.end();
  }

 private:
  void row(const Line& line) {
    const auto text = [](const std::string& value) {
      return value.empty() ? Cell() : Cell{CellType::text, value, {}};
    };
    const std::string at =
        line.at ? format_moment(Moment(std::chrono::seconds(*line.at)), session_.zone()) : std::string();
    const Cell cells[] = {text(line.part), text(line.name), text(line.outcome), text(at), text(line.detail)};
    sink_.row(cells);
  }

  std::optional<std::int64_t> integer(std::string_view field) const {
    const std::size_t at = session_.view(record_.id.kind).position(field);
    return at == KindView::npos ? std::nullopt : record_.integer(at);
  }
  std::string shown(const std::string& field) const { return shown_value(session_, record_, field); }

  void tell_record() {
    if (!shown("stage").empty()) row({"stage", shown("stage"), {}, integer("stage_entered_at"), {}});
    if (session_.view(record_.id.kind).find("owner") != nullptr) {
      const std::string owner = shown("owner");
      row({"owner", owner.empty() ? "nobody" : owner, {}, integer("assigned_at"), {}});
    }
  }

  // How it came to whom, and why the table said so when it last did.
  void tell_assignment() {
    const Param params[] = {static_cast<std::int64_t>(record_.id.kind), record_.id.id};
    std::int64_t by_table = 0;
    connection_.each(
        "SELECT id, user, how, at, explanation, id = (SELECT max(id) FROM ownership WHERE kind = $1 AND "
        "record = $2 AND how = 'table') FROM ownership WHERE kind = $1 AND record = $2 ORDER BY at, id",
        params, [&](const Row& entry) {
          const std::string user = entry.is_null(1) ? std::string("nobody")
                                                    : session_.state().name_of(Kind::user, entry.integer(1));
          row({"assign", user, std::string(entry.text(2)), entry.integer(3), {}});
          if (entry.text(5) != "1") return;
          by_table = entry.integer(0);
          const std::string shown = without_loads(session_, entry.text(4));
          std::string_view rest = shown;
          while (!rest.empty()) {
            const std::string_view line = rest.substr(0, rest.find('\n'));
            rest.remove_prefix(std::min(line.size() + 1, rest.size()));
            row({"assign", {}, {}, std::nullopt, std::string(line)});
          }
        });
    if (by_table != 0 || session_.state().process().assignments[slot(record_.id.kind)].empty()) return;
    row({"assign", {}, {}, std::nullopt, "the table has not been asked; as things stand it would say:"});
    for (const std::string& line : describe(explain_assignment(session_, record_.id)))
      row({"assign", {}, {}, std::nullopt, line});
  }

  // Of each rule the latest time that it acted, failed, did not: in the order in which these happened.
  void tell_runs() {
    const Param params[] = {static_cast<std::int64_t>(record_.id.kind), record_.id.id};
    connection_.each(
        "SELECT rule, outcome, at, detail, cause FROM rule_run WHERE id IN (SELECT max(id) FROM rule_run "
        "WHERE kind = $1 AND record = $2 GROUP BY rule, "
        "outcome) ORDER BY id",
        params, [&](const Row& run) {
          const std::string outcome(run.text(1));
          row({"rule", std::string(run.text(0)), outcome, run.integer(2),
               std::string(run.text(3)) + " [" + std::string(run.text(4)) + "]"});
        });
  }

  // Rules that nothing has set off for the record yet.
  void tell_waiting_rules() {
    for (const Rule& rule : session_.state().process().rules) {
      if (rule.kind != record_.id.kind || rule.on.empty()) continue;
      const Param params[] = {static_cast<std::int64_t>(record_.id.kind), record_.id.id, rule.name};
      if (connection_.exists("SELECT 1 FROM rule_run WHERE kind = $1 AND record = $2 AND rule = $3", params))
        continue;
      row({"rule", rule.name, "waits", std::nullopt,
           "for " + rule.on + (rule.when.empty() ? "" : ", when " + rule.when)});
    }
  }

  void tell_clocks() {
    const Param params[] = {static_cast<std::int64_t>(record_.id.kind), record_.id.id};
    connection_.each("SELECT name, state, limit_at FROM timer WHERE kind = $1 AND record = $2 ORDER BY name",
                     params, [&](const Row& timer) {
                       const std::string name(timer.text(0));
                       const std::string state(timer.text(1));
                       row({"clock", name, state, timer.optional_integer(2),
                            name == "stage"   ? "limit of the stage " + shown("stage")
                            : state == "late" ? "done after the limit"
                                              : std::string()});
                     });
  }

  // The terms of its score and level, each with why it counts or not.
  void tell_ratings() {
    const RatingExplanation rating = explain_rating(session_, record_.id);
    tell_rating("score", rating.score_terms, rating.score_by_hand_until,
                rating.score ? std::to_string(*rating.score) : std::string());
    tell_rating("level", rating.level_terms, rating.level_by_hand_until, rating.level);
  }

  void tell_rating(const std::string& part, const std::vector<RatingTerm>& terms,
                   const std::string& by_hand_until, const std::string& by_table) {
    if (terms.empty()) return;
    row({part, shown(part), by_hand_until.empty() ? std::string() : "by hand until " + by_hand_until,
         std::nullopt, "the table says " + (by_table.empty() ? "none" : by_table)});
    for (const RatingTerm& term : terms) {
      const std::string when = term.when.empty() ? "every record" : "when " + term.when;
      row({part, part == "score" ? std::to_string(term.points) : term.level,
           term.matched ? "counts" : "does not count", std::nullopt,
           "line " + std::to_string(term.line) + ", " + (term.matched ? when : term.why_not)});
    }
  }

  void tell_approvals() {
    const Param params[] = {static_cast<std::int64_t>(record_.id.kind), record_.id.id};
    connection_.each(
        "SELECT approval, state, coalesce(decided_at, asked_at), command, id FROM approval WHERE kind = $1 "
        "AND record = $2 ORDER BY id",
        params, [&](const Row& one) {
          row({"approval", std::string(one.text(0)), std::string(one.text(1)), one.integer(2),
               "approval " + std::to_string(one.integer(4)) + ": " + shown_command(session_, one.text(3))});
        });
  }

  void tell_next() {
    std::vector<Line> next;
    const Param params[] = {static_cast<std::int64_t>(record_.id.kind), record_.id.id};
    connection_.each(
        "SELECT name, due_at, step FROM timer WHERE kind = $1 AND record = $2 AND due_at IS NOT NULL", params,
        [&](const Row& timer) {
          next.push_back({"next", std::string(timer.text(0)), "due", timer.integer(1),
                          "step " + std::to_string(timer.integer(2) + 1)});
        });
    connection_.each(
        "SELECT id, due_at, note FROM followup WHERE about_kind = $1 AND about_id = $2 AND done_at IS NULL "
        "AND at IS NULL AND due_at IS NOT NULL AND "
        "deleted_at IS NULL",
        params, [&](const Row& plan) {
          next.push_back({"next", to_string(RecordId{Kind::followup, plan.integer(0)}), "planned",
                          plan.integer(1), std::string(plan.text(2))});
        });
    for (const Planned& planned : next_schedules(session_)) {
      if (planned.reminder != nullptr)
        add_reminder(planned, next);
      else if (planned.rule != nullptr)
        add_schedule(planned, next);
    }
    add_recycling(next);
    std::stable_sort(next.begin(), next.end(), [](const Line& a, const Line& b) { return a.at < b.at; });
    for (const Line& line : next) row(line);
  }

  // A schedule that is behind runs at once, for its latest planned time.
  void add_schedule(const Planned& planned, std::vector<Line>& next) {
    if (planned.rule->kind != record_.id.kind) return;
    const Rule& rule = *planned.rule;
    const ActAt acting(session_, planned.at);
    const auto failing = why_not(session_, rule.when, record_, &record_);
    bool held = false;
    std::optional<std::int64_t> acted;
    const Param params[] = {rule.name, record_.id.id};
    connection_.each("SELECT acted_at FROM rule_match WHERE rule = $1 AND record = $2", params,
                     [&](const Row& match) {
                       held = true;
                       acted = match.optional_integer(0);
                     });
    const bool again = acted && AgainAfter(session_, rule).is_due(Moment(std::chrono::seconds(*acted)));
    Line line{"next", rule.name, "would act", planned.at.time_since_epoch().count(), {}};
    if (failing) {
      line.outcome = "would not act";
      line.detail = "as things stand, " + *failing;
    } else if (!held || again) {
      line.detail = "as things stand, " + rule.when + (again ? ", again after " + rule.again : "");
    } else if (acted) {
      line.outcome = "acted before";
      line.detail = "it matches since the rule last acted";
    } else {
      line.outcome = "passed over";
      line.detail = "it matches since before the rule came, which skips its backlog";
    }
    next.push_back(std::move(line));
  }

  void add_reminder(const Planned& planned, std::vector<Line>& next) {
    const Reminder& reminder = *planned.reminder;
    if (reminder.kind != record_.id.kind) return;
    const ActAt acting(session_, planned.at);
    const auto failing = why_not(session_, reminder.when, record_, nullptr);
    next.push_back({"next", reminder.name, failing ? "would not remind" : "would remind",
                    planned.at.time_since_epoch().count(),
                    "as things stand, " + (failing ? *failing : reminder.when + ": " + reminder.to)});
  }

  void add_recycling(std::vector<Line>& next) {
    const auto coming = coming_recycling(session_, record_.id);
    if (!coming) return;
    // The daily look does it.
    const auto look = [&](Moment from) {
      const Moment after = std::max(from, session_.now()) - std::chrono::seconds(1);
      return next_start(Schedule{}, after, session_.zone(), session_.state().process().calendar)
          .time_since_epoch()
          .count();
    };
    const std::string detail = "line " + std::to_string(coming->line) + ": " +
                               std::to_string(coming->after_days) + "d without a follow-up since " +
                               format_moment_short(coming->since, session_.zone());
    if (coming->warning) next.push_back({"next", "pool", "warns the owner", look(*coming->warning), detail});
    next.push_back({"next", "pool", "goes back", look(coming->release), detail});
  }

  Session& session_;
  Connection& connection_;
  StoredRecord record_;
  RowSink& sink_;
};

}  // namespace

void explain(Session& session, RecordId record, RowSink& sink) {
  Explanation(session, record, sink).tell();
}

}  // namespace crm
