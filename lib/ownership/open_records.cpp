#include "ownership/open_records.h"

#include "records/session_state.h"

namespace crm {

std::string open_condition(Session& session, Kind kind, std::vector<Param>& params) {
  std::string present = "r.deleted_at IS NULL";
  if (kind == Kind::followup) return present + " AND r.done_at IS NULL AND r.at IS NULL";
  if (!entity(kind).has_stages) return present;
  std::string stages;
  for (const Stage& stage : session.state().process().stages_of(kind)) {
    if (stage.outcome != Outcome::none) continue;
    params.emplace_back(stage.name);
    stages += (stages.empty() ? "$" : ", $") + std::to_string(params.size());
  }
  return present + " AND r.stage IN (" + stages + ")";
}

std::string counted(std::int64_t count, Kind kind, std::string_view adjective) {
  const Entity& records = entity(kind);
  std::string text = std::to_string(count) + ' ';
  if (!adjective.empty()) text.append(adjective).append(" ");
  return text.append(count == 1 ? records.label.en : records.plural.en);
}

std::int64_t count_open(Session& session, Kind kind, std::int64_t owner) {
  std::vector<Param> params = {owner};
  const std::string open = open_condition(session, kind, params);
  const std::string sql =
      "SELECT count(*) FROM \"" + std::string(entity(kind).table) + "\" r WHERE r.owner = $1 AND " + open;
  return session.state().connection->query_integer(sql, params).value_or(0);
}

}  // namespace crm
