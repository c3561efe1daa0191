// What a workflow file would do to today's records.
#include <algorithm>
#include <utility>

#include "base/text.h"
#include "crm/error.h"
#include "crm/ownership.h"
#include "crm/rules.h"
#include "engine/scheduled_rule.h"
#include "engine/simulation_pass.h"
#include "filter/parse.h"
#include "ownership/candidates.h"
#include "ownership/recycle.h"
#include "records/filter_context.h"
#include "records/rights.h"
#include "records/write_record.h"
#include "workflow/columns.h"
#include "workflow/definition.h"

namespace crm {
namespace {

// The session acts by another process for a while. Who may see what stays as it is: a file whose author may
// not see a field asks nothing of it.
class AsIf {
 public:
  AsIf(Session& session, std::string compiled) : state_(session.state()), former_(state_.compiled_process) {
    Rights mine = rights(session);
    state_.replace_process(std::move(compiled));
    state_.rights = std::move(mine);
  }
  ~AsIf() { state_.replace_process(std::move(former_)); }
  AsIf(const AsIf&) = delete;
  AsIf& operator=(const AsIf&) = delete;

 private:
  Session::State& state_;
  std::string former_;
};

bool asks_before(const Expr& expr) {
  if (expr.kind == ExprKind::call && (expr.text == "was" || expr.text == "changed")) return true;
  return std::any_of(expr.parts.begin(), expr.parts.end(), asks_before);
}

// The latest beginning whose limit has passed by now: a limit that began earlier has passed too.
Moment latest_passed(Session& session, const Dwell& dwell) {
  const BusinessCalendar& calendar = session.state().process().calendar;
  const auto passed = [&](Moment start) {
    return add_dwell(calendar, session.zone(), start, dwell) <= session.now();
  };
  Moment low = session.now() - std::chrono::hours(24 * 366 * 30);
  Moment high = session.now();
  while (high - low > std::chrono::seconds(1)) {
    const Moment middle = low + (high - low) / 2;
    (passed(middle) ? low : high) = middle;
  }
  return low;
}

class Simulation {
 public:
  Simulation(Session& session, const SimulateOptions& options)
      : session_(session),
        process_(session.state().process()),
        kind_(options.kind),
        pass_(session, options) {}

  std::vector<SimulationFinding> run(const Process& before) {
    count_stages(before);
    count_checks();
    count_assignments();
    count_sla();
    count_rules();
    count_approvals();
    count_reminders();
    count_ratings();
    const std::vector<std::int64_t>& looked_at = pass_.collect("1");
    std::vector<std::pair<const Rule*, const std::vector<std::int64_t>*>> scheduled;
    for (const Rule& rule : process_.rules) {
      if (rule.kind == kind_ && rule.event.type == EventType::schedule)
        scheduled.emplace_back(&rule, &pass_.collect(pass_.condition(rule.when)));
    }
    const std::vector<std::int64_t>& refused = pass_.collect(fails_a_check());
    const std::int64_t all = pass_.run();
    std::vector<SimulationFinding> findings = pass_.findings();
    limit_assignments(findings);
    findings.insert(findings.begin(), {"records", "looked at", 0, {}, all});
    for (const auto& [rule, matching] : scheduled)
      findings.push_back(next_run(before, *rule, *matching, refused));
    const Recycling due = due_recycling(session_, kind_);
    add_recycled(findings, "warned", "their owners would be warned at the next daily look, were it now",
                 due.warned, looked_at);
    add_recycled(findings, "released", "would go back to the pool at the next daily look, were it now",
                 due.released, looked_at);
    findings.push_back({"left out", "what follows", 0,
                        "each question is put to the records as they are now: what one rule would change for "
                        "another, turns and 'same' of assignment, and messages are not worked out"});
    return findings;
  }

 private:
  void count_stages(const Process& before) {
    for (const Stage& stage : before.stages_of(kind_)) {
      if (process_.find_stage(kind_, stage.name) == nullptr)
        pass_.count({"stage", stage.name, 0,
                     "is gone: where records are or were in it, 'apply' wants --map to say where they go"},
                    in_stage(stage.name));
    }
    for (const Stage& stage : process_.stages_of(kind_)) {
      const auto dwell = parse_dwell(stage.within);
      if (!dwell) continue;
      const std::string until =
          pass_.value(std::int64_t{latest_passed(session_, *dwell).time_since_epoch().count()});
      pass_.count({"limit", stage.name, 0, "have been there for longer than " + stage.within},
                  in_stage(stage.name) + " AND r.stage_entered_at <= " + until);
    }
  }

  std::string in_stage(const std::string& stage) { return "r.stage = " + pass_.value(stage); }

  void count_checks() {
    for (const Validation& one : process_.validations) {
      if (one.kind != kind_ || asks_before(parse_expression(one.check).root)) continue;
      pass_.count({"check", one.message, one.line, "fail " + one.check + ": their next change is refused"},
                  pass_.condition(one.check) + " = 0");
    }
  }

  std::string fails_a_check() {
    std::string sql = "(0";
    for (const Validation& one : process_.validations) {
      if (one.kind == kind_ && !asks_before(parse_expression(one.check).root))
        sql += " OR " + pass_.condition(one.check) + " = 0";
    }
    return sql + ')';
  }

  void count_assignments() {
    std::vector<std::pair<SimulationFinding, std::string>> rows;
    for (const AssignmentRow& row : process_.assignments[slot(kind_)]) {
      std::string to;
      for (const std::string& name : row.to) to += (to.empty() ? "" : ", ") + name;
      rows.push_back(
          {{"assign", to.empty() ? "pool" : to, row.line, others_or(row.when)}, pass_.condition(row.when)});
    }
    pass_.count_first(std::move(rows));
  }

  // How many of those without an owner the people of a row could take. Where they cannot take all, what is
  // over goes on or stays, and that is told.
  void limit_assignments(std::vector<SimulationFinding>& findings) {
    for (const AssignmentRow& row : process_.assignments[slot(kind_)]) {
      if (!row.cap && !row.per_day) continue;
      const auto found = std::find_if(findings.begin(), findings.end(), [&](const SimulationFinding& one) {
        return one.section == "assign" && one.line == row.line;
      });
      if (found == findings.end() || found->unowned == 0) continue;
      std::int64_t room = 0;
      StoredRecord any = new_record(session_, kind_);
      AssignmentRow alike = row;
      alike.same.clear();
      for (const Candidate& one : candidates_of(session_, alike, any)) room += room_of(alike, one);
      if (room >= found->unowned) continue;
      found->detail += "; of " + std::to_string(found->unowned) + " without an owner its people can take " +
                       std::to_string(room) + ", the others " +
                       (row.else_next ? "go on to the next row that matches" : "stay in the pool");
    }
  }

  static std::int64_t room_of(const AssignmentRow& row, const Candidate& one) {
    if (!one.why_not.empty()) return 0;
    std::int64_t room = row.cap ? *row.cap - one.open : INT64_MAX;
    if (row.per_day) room = std::min(room, *row.per_day - one.today);
    return room;
  }

  void count_approvals() {
    for (const ApprovalRule& rule : process_.approvals) {
      if (rule.event.kind != kind_) continue;
      const bool depends = !rule.when.empty() && asks_before(parse_expression(rule.when).root);
      pass_.count({"approval", rule.name, rule.line,
                   depends ? "depends on what is changed: " + rule.when
                           : "would have to wait for it if now came " + rule.on},
                  depends ? "0" : pass_.condition(rule.when));
    }
  }

  void count_reminders() {
    for (const Reminder& reminder : process_.reminders) {
      if (reminder.kind != kind_) continue;
      std::string sql = pass_.condition(reminder.when);
      if (kind_ == Kind::followup) {
        const std::string now = pass_.value(now_seconds(session_));
        sql +=
            " AND (r.snoozed_until IS NULL OR r.snoozed_until <= " + now + ") AND r.acknowledged_at IS NULL";
      }
      pass_.count({"reminder", reminder.name, reminder.line,
                   "would be told of to the " + reminder.to + ", were it now " + reminder.every},
                  sql);
    }
  }

  void count_ratings() {
    const KindView& view = session_.view(kind_);
    // What a person has set for a time that is not over stays.
    const std::string today = format_date(session_.zone().to_local(session_.now()).date);
    // A rated field, or the day until which it is set by hand, may be one of the workflow's own.
    const auto column = [&](const std::string& field) {
      const Field* found = view.find(field);
      return found == nullptr ? std::string("NULL") : field_sql(*found, "NULL");
    };
    const auto by_table = [&](const std::string& field) {
      const std::string until = column(field + "_until");
      return "(" + until + " IS NULL OR " + until + " < " + pass_.value(today) + ")";
    };
    const auto& scores = process_.scores[slot(kind_)];
    if (!scores.empty()) {
      std::string sum = "(0";
      for (const ScoreRow& row : scores)
        sum += " + CASE WHEN " + pass_.condition(row.when) + " THEN " + std::to_string(row.points) +
               " ELSE 0 END";
      pass_.count(
          {"score", "changes", 0, "have another score by the table: at their next change or daily look"},
          column("score") + " IS NOT " + sum + ") AND " + by_table("score"));
    }
    const auto& levels = process_.levels[slot(kind_)];
    if (levels.empty()) return;
    std::vector<std::pair<SimulationFinding, std::string>> rows;
    std::string level = "CASE";
    for (const LevelRow& row : levels) {
      rows.push_back({{"level", row.level, row.line, others_or(row.when)}, pass_.condition(row.when)});
      level += " WHEN " + pass_.condition(row.when) + " THEN " + pass_.value(row.level);
    }
    pass_.count_first(std::move(rows));
    pass_.count(
        {"level", "changes", 0, "have another level by the table: at their next change or daily look"},
        column("level") + " IS NOT " + level + " END AND " + by_table("level"));
  }

  // Those of the records that are looked at.
  void add_recycled(std::vector<SimulationFinding>& findings, const std::string& name,
                    const std::string& detail, const std::vector<RecordId>& due,
                    const std::vector<std::int64_t>& looked_at) {
    const auto& pool = process_.pools[slot(kind_)];
    if (!pool || pool->recycle.empty()) return;
    SimulationFinding finding{"pool", name, 0, detail};
    for (const RecordId record : due) {
      if (std::binary_search(looked_at.begin(), looked_at.end(), record.id)) finding.count(record.id);
    }
    findings.push_back(std::move(finding));
  }

  void count_sla() {
    std::vector<std::pair<SimulationFinding, std::string>> rows;
    for (const SlaRow& row : process_.sla_of(kind_)) {
      const std::string limits = (row.respond.empty() ? "" : "respond in " + row.respond) +
                                 (row.respond.empty() || row.resolve.empty() ? "" : ", ") +
                                 (row.resolve.empty() ? "" : "resolve in " + row.resolve);
      rows.push_back({{"sla", limits, row.line, others_or(row.when)}, pass_.condition(row.when)});
    }
    pass_.count_first(std::move(rows));
  }

  static std::string others_or(const std::string& when) { return when.empty() ? "all others" : when; }

  void count_rules() {
    for (const Rule& rule : process_.rules) {
      if (rule.kind != kind_ || rule.event.type == EventType::schedule) continue;
      const bool depends = !rule.when.empty() && asks_before(parse_expression(rule.when).root);
      pass_.count(
          {"rule", rule.name, rule.line,
           depends ? "depends on what is changed: " + rule.when : "would be acted on if now came " + rule.on},
          depends ? "0" : pass_.condition(rule.when));
    }
  }

  SimulationFinding next_run(const Process& before, const Rule& rule,
                             const std::vector<std::int64_t>& matching,
                             const std::vector<std::int64_t>& refused) {
    SimulationFinding finding{"schedule", rule.name, rule.line, {}};
    if (!rule.backlog && is_new(before, rule)) {
      finding.detail = std::to_string(matching.size()) + " match already and are skipped";
      return finding;
    }
    const Matches matches = compare_matches(session_, rule, matching);
    finding.records = static_cast<std::int64_t>(matches.acted_on.size());
    if (!matches.acted_on.empty()) finding.first = matches.acted_on.front();
    if (!matches.acted_on.empty()) finding.last = matches.acted_on.back();
    finding.detail = "would be acted on at the next run, were it now";
    const auto failing = std::count_if(
        matches.acted_on.begin(), matches.acted_on.end(),
        [&](std::int64_t record) { return std::binary_search(refused.begin(), refused.end(), record); });
    if (failing > 0)
      finding.detail +=
          "; " + std::to_string(failing) + " of them fail a check: what changes them is refused";
    return finding;
  }

  Session& session_;
  const Process& process_;
  Kind kind_;
  SimulationPass pass_;
};

void write_rows(const std::vector<SimulationFinding>& findings, Kind kind, RowSink& sink) {
  static const std::vector<Column> kColumns = {{.name = "section", .label = "section"},
                                               {.name = "name", .label = "name"},
                                               {.name = "line", .label = "line", .right = true},
                                               {.name = "records", .label = "records", .right = true},
                                               {.name = "first", .label = "first"},
                                               {.name = "last", .label = "last"},
                                               {.name = "detail", .label = "detail", .wide = true}};
  sink.begin(kColumns);
  for (const SimulationFinding& finding : findings) {
    const auto record = [&](std::optional<std::int64_t> id) {
      return id ? to_string(RecordId{kind, *id}) : std::string();
    };
    const auto cell = [](const std::string& text, CellType type) {
      return text.empty() ? Cell() : Cell{type, text, {}};
    };
    const std::string line = finding.line > 0 ? std::to_string(finding.line) : std::string();
    const std::string records = std::to_string(finding.records);
    const std::string first = record(finding.first);
    const std::string last = record(finding.last);
    const Cell cells[] = {cell(finding.section, CellType::text), cell(finding.name, CellType::text),
                          cell(line, CellType::number),          cell(records, CellType::number),
                          cell(first, CellType::text),           cell(last, CellType::text),
                          cell(finding.detail, CellType::text)};
    if (!sink.row(cells)) break;
  }
  sink.end();
}

}  // namespace

void simulate_workflow(Session& session, std::string_view text, const std::string& file,
                       const SimulateOptions& options, RowSink& sink) {
  require_see_all(session, "may not try a workflow on all records");
  std::vector<Problem> problems;
  const std::unique_ptr<Process> process = read_definition(text, file, problems);
  if (process == nullptr) {
    throw Error(ErrorCode::invalid,
                "the workflow file " + quoted(file) + " has " + std::to_string(problems.size()) +
                    (problems.size() == 1 ? " problem" : " problems"),
                "nothing was looked at")
        .with_problems(std::move(problems));
  }
  Session::State& state = session.state();
  const std::unique_ptr<Process> before = from_compiled(state.compiled_process);
  std::vector<SimulationFinding> findings;
  {
    // Columns of new fields are there for as long as it looks.
    Write write(session);
    add_columns(*state.connection, *process);
    const AsIf as_if(session, compile(*process));
    findings = Simulation(session, options).run(*before);
  }
  write_rows(findings, options.kind, sink);
}

}  // namespace crm
