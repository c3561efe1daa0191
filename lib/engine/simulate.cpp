// What a workflow file would do to today's records.
#include <algorithm>

#include "base/text.h"
#include "crm/error.h"
#include "crm/rules.h"
#include "engine/condition_parts.h"
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
  std::int64_t records = 0;
  std::optional<std::int64_t> first, last;
  std::string detail;
};

// Counts many conditions in one pass over the records.
class Counting {
 public:
  Counting(Session& session, const SimulateOptions& options) : session_(session), options_(options) {}

  // Parameters that follow are numbered from here.
  int next_parameter() const { return static_cast<int>(values_.size()) + 1; }
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
  void count(Finding finding, const std::string& sql) {
    findings_.push_back(std::move(finding));
    wanted_.push_back(sql);
  }

  std::vector<Finding> run() {
    const SelectionSql selection =
        render_selection(session_, options_.kind, options_.selection, next_parameter());
    std::string sql = "SELECT count(*)";
    for (const std::string& one : wanted_)
      sql += ", sum(" + one + "), min(CASE WHEN " + one + " THEN r.id END), max(CASE WHEN " + one +
             " THEN r.id END)";
    sql += " FROM \"" + std::string(entity(options_.kind).table) + "\" r WHERE " + selection.sql;
    std::vector<Param> params;
    for (const Value& value : values_) params.emplace_back(value);
    for (const Value& value : selection.params) params.emplace_back(value);
    session_.state().connection->query_guarded(sql, params, [&](const Row& row) {
      all_ = row.integer(0);
      for (std::size_t i = 0; i < findings_.size(); ++i) {
        const int column = 1 + 3 * static_cast<int>(i);
        findings_[i].records = row.integer(column);
        findings_[i].first = row.optional_integer(column + 1);
        findings_[i].last = row.optional_integer(column + 2);
      }
      return true;
    });
    return std::move(findings_);
  }
  std::int64_t all() const { return all_; }

 private:
  Session& session_;
  const SimulateOptions& options_;
  std::vector<Value> values_;
  std::vector<Finding> findings_;
  std::vector<std::string> wanted_;
  std::int64_t all_ = 0;
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
        options_(options),
        kind_(options.kind),
        counting_(session, options) {}

  std::vector<Finding> run(const Process& before) {
    count_stages(before);
    count_checks();
    count_assignments();
    count_sla();
    count_rules();
    std::vector<Finding> findings = counting_.run();
    findings.insert(findings.begin(), {"records", "looked at", 0, counting_.all(), {}, {}, {}});
    for (const Rule& rule : process_.rules) {
      if (rule.kind == kind_ && rule.event.type == EventType::schedule) findings.push_back(scheduled(rule));
    }
    return findings;
  }

 private:
  void count_stages(const Process& before) {
    for (const Stage& stage : before.stages_of(kind_)) {
      if (process_.find_stage(kind_, stage.name) == nullptr)
        counting_.count({"stage",
                         stage.name,
                         0,
                         0,
                         {},
                         {},
                         "is gone: 'apply' refuses the file, unless --map says where these go"},
                        in_stage(stage.name));
    }
    for (const Stage& stage : process_.stages_of(kind_)) {
      const auto dwell = parse_dwell(stage.within);
      if (!dwell) continue;
      const std::string until =
          counting_.value(std::int64_t{latest_passed(session_, *dwell).time_since_epoch().count()});
      counting_.count({"limit", stage.name, 0, 0, {}, {}, "have been there for longer than " + stage.within},
                      "(" + in_stage(stage.name) + " AND r.stage_entered_at <= " + until + ")");
    }
  }

  std::string in_stage(const std::string& stage) { return "(r.stage = " + counting_.value(stage) + ")"; }

  void count_checks() {
    for (const Validation& one : process_.validations) {
      if (one.kind != kind_) continue;
      if (asks_before(parse_expression(one.check).root)) continue;
      counting_.count(
          {"check", one.message, one.line, 0, {}, {}, "fail " + one.check + ": their next change is refused"},
          "(" + counting_.condition(one.check) + " = 0)");
    }
  }

  // First match wins: each row has those that no row before it has.
  void count_assignments() {
    std::string earlier;
    for (const AssignmentRow& row : process_.assignments[slot(kind_)]) {
      const std::string own = counting_.condition(row.when);
      std::string to;
      for (const std::string& name : row.to) to += (to.empty() ? "" : ", ") + name;
      counting_.count({"assign",
                       to.empty() ? "pool" : to,
                       row.line,
                       0,
                       {},
                       {},
                       row.when.empty() ? "all others" : row.when},
                      "(coalesce(" + own + ", 0)" + earlier + ")");
      earlier += " AND coalesce(" + own + ", 0) = 0";
    }
  }

  void count_sla() {
    std::string earlier;
    for (const SlaRow& row : process_.sla_of(kind_)) {
      const std::string own = counting_.condition(row.when);
      const std::string limits = (row.respond.empty() ? "" : "respond in " + row.respond) +
                                 (row.respond.empty() || row.resolve.empty() ? "" : ", ") +
                                 (row.resolve.empty() ? "" : "resolve in " + row.resolve);
      counting_.count({"sla", limits, row.line, 0, {}, {}, row.when.empty() ? "all others" : row.when},
                      "(coalesce(" + own + ", 0)" + earlier + ")");
      earlier += " AND coalesce(" + own + ", 0) = 0";
    }
  }

  void count_rules() {
    for (const Rule& rule : process_.rules) {
      if (rule.kind != kind_ || rule.event.type == EventType::schedule) continue;
      if (!rule.when.empty() && asks_before(parse_expression(rule.when).root)) {
        counting_.count({"rule", rule.name, rule.line, 0, {}, {}, "depends on what is changed: " + rule.when},
                        "0");
        continue;
      }
      counting_.count({"rule", rule.name, rule.line, 0, {}, {}, "would be acted on if now came " + rule.on},
                      "coalesce(" + counting_.condition(rule.when) + ", 0)");
    }
  }

  Finding scheduled(const Rule& rule) {
    std::vector<std::int64_t> matching = matching_records(session_, rule);
    Finding finding{"schedule", rule.name, rule.line, 0, {}, {}, {}};
    if (!rule.backlog && is_first_run(session_, rule)) {
      finding.detail = std::to_string(matching.size()) + " match already and are skipped";
      return finding;
    }
    const Matches matches = compare_matches(session_, rule, matching);
    finding.records = static_cast<std::int64_t>(matches.acted_on.size());
    if (!matches.acted_on.empty()) finding.first = matches.acted_on.front();
    if (!matches.acted_on.empty()) finding.last = matches.acted_on.back();
    finding.detail = "would be acted on at the next run, were it now";
    return finding;
  }

  Session& session_;
  const Process& process_;
  const SimulateOptions& options_;
  Kind kind_;
  Counting counting_;
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
