// What a workflow file would do to today's records.
#include <algorithm>
#include <deque>
#include <utility>

#include "base/text.h"
#include "crm/error.h"
#include "crm/rules.h"
#include "engine/scheduled_rule.h"
#include "filter/parse.h"
#include "records/filter_context.h"
#include "records/rights.h"
#include "records/session_state.h"
#include "workflow/columns.h"
#include "workflow/definition.h"

namespace crm {
namespace {

// The session acts by another process for a while.
class AsIf {
 public:
  AsIf(Session::State& state, std::string compiled) : state_(state), former_(state.compiled_process) {
    state_.replace_process(std::move(compiled));
  }
  ~AsIf() { state_.replace_process(std::move(former_)); }
  AsIf(const AsIf&) = delete;
  AsIf& operator=(const AsIf&) = delete;

 private:
  Session::State& state_;
  std::string former_;
};

struct Finding {
  std::string section;
  std::string name;
  int line = 0;
  std::string detail;
  std::int64_t records = 0;
  std::optional<std::int64_t> first = {}, last = {};
};

// One pass over the records, in which each question is put to each of them once.
class Pass {
 public:
  Pass(Session& session, const SimulateOptions& options) : session_(session), options_(options) {}

  // The condition as SQL that is true, false or unknown.
  std::string condition(const std::string& text) {
    if (text.empty()) return "1";
    FilterContext context = filter_context(session_, options_.kind);
    context.me.reset();
    const SqlCondition sql = render(check_expression(parse_expression(text), context), next_parameter());
    values_.insert(values_.end(), sql.params.begin(), sql.params.end());
    return "(" + sql.sql + ")";
  }
  std::string value(Value value) {
    values_.push_back(std::move(value));
    return "$" + std::to_string(values_.size());
  }

  // Counts the records for which the SQL is true.
  void count(Finding finding, const std::string& sql) {
    columns_.push_back("CASE WHEN " + sql + " THEN 1 END");
    findings_.push_back({std::move(finding), columns_.size(), 1});
  }
  // A table in which the first row that holds decides: counts for each row those that it decides on.
  void count_first(std::vector<std::pair<Finding, std::string>> rows) {
    if (rows.empty()) return;
    std::string sql = "CASE";
    std::int64_t place = 0;
    for (auto& [finding, row] : rows) {
      sql += " WHEN " + row + " THEN " + std::to_string(++place);
      findings_.push_back({std::move(finding), columns_.size() + 1, place});
    }
    columns_.push_back(sql + " END");
  }
  // Keeps the numbers of the records for which the SQL is true, in order; valid after run().
  const std::vector<std::int64_t>& collect(const std::string& sql) {
    columns_.push_back("CASE WHEN " + sql + " THEN 1 END");
    return collected_.emplace_back(columns_.size(), std::vector<std::int64_t>()).second;
  }

  // How many records there were.
  std::int64_t run() {
    const SelectionSql selection =
        render_selection(session_, options_.kind, options_.selection, next_parameter());
    std::string sql = "SELECT r.id";
    for (const std::string& column : columns_) sql += ", " + column;
    sql += " FROM \"" + std::string(entity(options_.kind).table) + "\" r WHERE " + selection.sql +
           " ORDER BY r.id";
    std::vector<Param> params;
    for (const Value& value : values_) params.emplace_back(value);
    for (const Value& value : selection.params) params.emplace_back(value);
    std::int64_t all = 0;
    session_.state().connection->query_guarded(sql, params, [&](const Row& row) {
      ++all;
      take(row);
      return true;
    });
    return all;
  }
  std::vector<Finding> findings() const {
    std::vector<Finding> all;
    for (const Counted& one : findings_) all.push_back(one.finding);
    return all;
  }

 private:
  // It counts the records for which the column has that value.
  struct Counted {
    Finding finding;
    std::size_t column;
    std::int64_t value;
  };

  // Parameters that follow are numbered from here.
  int next_parameter() const { return static_cast<int>(values_.size()) + 1; }

  void take(const Row& row) {
    const std::int64_t id = row.integer(0);
    for (Counted& one : findings_) {
      if (row.integer(static_cast<int>(one.column)) != one.value) continue;
      if (one.finding.records++ == 0) one.finding.first = id;
      one.finding.last = id;
    }
    for (auto& [column, ids] : collected_) {
      if (row.integer(static_cast<int>(column)) == 1) ids.push_back(id);
    }
  }

  Session& session_;
  const SimulateOptions& options_;
  std::vector<Value> values_;
  std::vector<std::string> columns_;  // SQL; the first is the second of the query
  std::vector<Counted> findings_;
  std::deque<std::pair<std::size_t, std::vector<std::int64_t>>> collected_;
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

  std::vector<Finding> run(const Process& before) {
    count_stages(before);
    count_checks();
    count_assignments();
    count_sla();
    count_rules();
    std::vector<std::pair<const Rule*, const std::vector<std::int64_t>*>> scheduled;
    for (const Rule& rule : process_.rules) {
      if (rule.kind == kind_ && rule.event.type == EventType::schedule)
        scheduled.emplace_back(&rule, &pass_.collect(pass_.condition(rule.when)));
    }
    const std::vector<std::int64_t>& refused = pass_.collect(fails_a_check());
    const std::int64_t all = pass_.run();
    std::vector<Finding> findings = pass_.findings();
    findings.insert(findings.begin(), {"records", "looked at", 0, {}, all});
    for (const auto& [rule, matching] : scheduled) findings.push_back(next_run(*rule, *matching, refused));
    return findings;
  }

 private:
  void count_stages(const Process& before) {
    for (const Stage& stage : before.stages_of(kind_)) {
      if (process_.find_stage(kind_, stage.name) == nullptr)
        pass_.count(
            {"stage", stage.name, 0, "is gone: 'apply' refuses the file, unless --map says where these go"},
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
    std::vector<std::pair<Finding, std::string>> rows;
    for (const AssignmentRow& row : process_.assignments[slot(kind_)]) {
      std::string to;
      for (const std::string& name : row.to) to += (to.empty() ? "" : ", ") + name;
      rows.push_back(
          {{"assign", to.empty() ? "pool" : to, row.line, others_or(row.when)}, pass_.condition(row.when)});
    }
    pass_.count_first(std::move(rows));
  }

  void count_sla() {
    std::vector<std::pair<Finding, std::string>> rows;
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

  Finding next_run(const Rule& rule, const std::vector<std::int64_t>& matching,
                   const std::vector<std::int64_t>& refused) {
    Finding finding{"schedule", rule.name, rule.line, {}};
    if (!rule.backlog && is_first_run(session_, rule)) {
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
  Pass pass_;
};

void write_rows(const std::vector<Finding>& findings, Kind kind, RowSink& sink) {
  static const std::vector<Column> kColumns = {{.name = "section", .label = "section"},
                                               {.name = "name", .label = "name"},
                                               {.name = "line", .label = "line", .right = true},
                                               {.name = "records", .label = "records", .right = true},
                                               {.name = "first", .label = "first"},
                                               {.name = "last", .label = "last"},
                                               {.name = "detail", .label = "detail", .wide = true}};
  sink.begin(kColumns);
  for (const Finding& finding : findings) {
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
  std::vector<Finding> findings;
  {
    // Columns of new fields are there for as long as it looks.
    Write write(session);
    add_columns(*state.connection, *process);
    const AsIf as_if(state, compile(*process));
    findings = Simulation(session, options).run(*before);
  }
  write_rows(findings, options.kind, sink);
}

}  // namespace crm
