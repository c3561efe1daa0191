#include "engine/run_log.h"

#include <algorithm>

#include "base/text.h"
#include "crm/error.h"
#include "crm/rules.h"
#include "records/rights.h"
#include "records/write_record.h"

namespace crm {

void log_run(Session& session, const RuleRun& run) {
  Session::State& state = session.state();
  // One that no record is touched by is not written.
  const bool changes = state.change && state.change->hash().count() > 0;
  const Param params[] = {now_seconds(session),
                          run.rule,
                          static_cast<std::int64_t>(run.record.kind),
                          run.record.id,
                          run.cause,
                          run.outcome,
                          run.detail.empty() ? Param() : Param(run.detail),
                          changes ? Param(state.change->number()) : Param()};
  state.connection->execute(
      "INSERT INTO rule_run (at, rule, kind, record, cause, outcome, detail, change) VALUES ($1, $2, $3, $4, "
      "$5, $6, $7, $8)",
      params);
}

void prune_runs(Session& session) {
  Session::State& state = session.state();
  const auto oldest = state.connection->query_integer("SELECT at FROM rule_run ORDER BY id LIMIT 1");
  if (!oldest) return;
  constexpr std::int64_t kDay = 86400;
  const std::int64_t kept_since = now_seconds(session) - kDay * state.process().history_days;
  if (*oldest >= kept_since) return;
  Write write(session);
  const Param params[] = {kept_since};
  // They come in order of time, but for what was caught up: that stays as long as what was there before it.
  state.connection->execute(
      "DELETE FROM rule_run WHERE id < coalesce((SELECT id FROM rule_run WHERE at >= $1 ORDER BY id LIMIT "
      "1), "
      "(SELECT max(id) + 1 FROM rule_run))",
      params);
  write.commit();
}

namespace {

// A name that was never one is a slip of the pen.
void check_known_rule(Session& session, const std::string& name) {
  std::vector<std::string> names;
  for (const Rule& rule : session.state().process().rules) names.push_back(rule.name);
  const Param params[] = {name};
  if (std::find(names.begin(), names.end(), name) != names.end() ||
      session.state().connection->exists("SELECT 1 FROM rule_run WHERE rule = $1", params))
    return;
  const auto near = nearest(name, names);
  throw Error(ErrorCode::not_found, "the workflow has no rule " + quoted(name),
              near            ? "did you mean " + quoted(*near) + "?"
              : names.empty() ? "it has no rules"
                              : "it has " + listed(names));
}

}  // namespace

void list_rule_runs(Session& session, const RuleRunQuery& query, RowSink& sink) {
  static const std::vector<Column> kColumns = {{.name = "id", .label = "id", .right = true},
                                               {.name = "at", .label = "at", .moment = true},
                                               {.name = "rule", .label = "rule"},
                                               {.name = "record", .label = "record"},
                                               {.name = "cause", .label = "cause"},
                                               {.name = "outcome", .label = "outcome"},
                                               {.name = "detail", .label = "detail", .wide = true},
                                               {.name = "change", .label = "change", .right = true}};
  const Param params[] = {query.rule.empty() ? Param() : Param(query.rule),
                          query.record ? Param(static_cast<std::int64_t>(query.record->kind)) : Param(),
                          query.record ? Param(query.record->id) : Param()};
  std::string sql = "SELECT id, at, rule, kind, record, cause, outcome, detail, change FROM rule_run WHERE 1";
  if (!query.rule.empty()) sql += " AND rule = $1";
  if (query.record) sql += " AND kind = $2 AND record = $3";
  if (!query.rule.empty()) check_known_rule(session, query.rule);
  if (query.record) load_record(session, *query.record, true);
  sink.begin(kColumns);
  std::int64_t shown = 0;
  session.state().connection->query(sql + " ORDER BY id DESC", params, [&](const Row& row) {
    if (query.limit && shown >= *query.limit) return false;
    const RecordId subject{static_cast<Kind>(row.integer(3)), row.integer(4)};
    // What a run tells of a record is for whoever may see the record.
    if (!may_see(session, subject)) return true;
    ++shown;
    const std::string id = std::to_string(row.integer(0));
    const std::string at = format_moment(Moment(std::chrono::seconds(row.integer(1))), session.zone());
    const std::string record = to_string(subject);
    const std::string change = std::to_string(row.integer(8));
    const Cell none;
    const Cell cells[] = {{CellType::number, id, {}},
                          {CellType::text, at, {}},
                          {CellType::text, row.text(2), {}},
                          {CellType::text, record, {}},
                          {CellType::text, row.text(5), {}},
                          {CellType::text, row.text(6), {}},
                          row.is_null(7) ? none : Cell{CellType::text, row.text(7), {}},
                          row.is_null(8) ? none : Cell{CellType::number, change, {}}};
    return sink.row(cells);
  });
  sink.end();
}

}  // namespace crm
