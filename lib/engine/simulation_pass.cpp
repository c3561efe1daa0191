#include "engine/simulation_pass.h"

#include "filter/parse.h"
#include "records/filter_context.h"
#include "records/session_state.h"

namespace crm {
namespace {

// Before them: the number of the record, and whether nobody has it.
constexpr std::size_t kFirstColumn = 2;

}  // namespace

std::string SimulationPass::condition(const std::string& text) {
  if (text.empty()) return "1";
  FilterContext context = filter_context(session_, options_.kind);
  context.me.reset();
  const SqlCondition sql = render(check_expression(parse_expression(text), context), next_parameter());
  values_.insert(values_.end(), sql.params.begin(), sql.params.end());
  return "(" + sql.sql + ")";
}

std::string SimulationPass::value(Value value) {
  values_.push_back(std::move(value));
  return "$" + std::to_string(values_.size());
}

void SimulationPass::count(SimulationFinding finding, const std::string& sql) {
  findings_.push_back({std::move(finding), kFirstColumn + columns_.size(), 1});
  columns_.push_back("CASE WHEN " + sql + " THEN 1 END");
}

void SimulationPass::count_first(std::vector<std::pair<SimulationFinding, std::string>>&& rows) {
  if (rows.empty()) return;
  std::string sql = "CASE";
  std::int64_t place = 0;
  for (auto& [finding, row] : rows) {
    sql += " WHEN " + row + " THEN " + std::to_string(++place);
    findings_.push_back({std::move(finding), kFirstColumn + columns_.size(), place});
  }
  columns_.push_back(sql + " END");
}

const std::vector<std::int64_t>& SimulationPass::collect(const std::string& sql) {
  const std::size_t column = kFirstColumn + columns_.size();
  columns_.push_back("CASE WHEN " + sql + " THEN 1 END");
  return collected_.emplace_back(column, std::vector<std::int64_t>()).second;
}

std::int64_t SimulationPass::run() {
  const SelectionSql selection =
      render_selection(session_, options_.kind, options_.selection, next_parameter());
  const bool owned = session_.view(options_.kind).find("owner") != nullptr;
  std::string sql = owned ? "SELECT r.id, r.owner IS NULL" : "SELECT r.id, 0";
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

std::vector<SimulationFinding> SimulationPass::findings() const {
  std::vector<SimulationFinding> all;
  for (const Counted& one : findings_) all.push_back(one.finding);
  return all;
}

void SimulationPass::take(const Row& row) {
  const std::int64_t id = row.integer(0);
  for (Counted& one : findings_) {
    if (row.integer(static_cast<int>(one.column)) != one.value) continue;
    one.finding.count(id);
    one.finding.unowned += row.integer(1);
  }
  for (auto& [column, ids] : collected_) {
    if (row.integer(static_cast<int>(column)) == 1) ids.push_back(id);
  }
}

}  // namespace crm
