#include <algorithm>
#include <unordered_map>

#include "crm/report.h"
#include "entity/descriptors.h"
#include "records/read_value.h"
#include "records/rights.h"
#include "records/session_state.h"
#include "report/period.h"

namespace crm {
namespace {

constexpr std::int64_t kOnTimeSeconds = 86400;  // exactly 24:00:00 is on time

void count(const Row& row, const std::vector<std::string>& types, ActivityRow& counts) {
  ++counts.followups;
  auto type = std::find(types.begin(), types.end(), row.text(1));
  if (type == types.end()) type = std::find(types.begin(), types.end(), "other");
  if (type != types.end()) ++counts.by_type[static_cast<std::size_t>(type - types.begin())];
  if (row.is_null(3)) {
    ++counts.not_measurable;
  } else if (row.integer(3) - row.integer(2) <= kOnTimeSeconds) {
    ++counts.on_time;
  } else {
    ++counts.late;
  }
}

void add(ActivityRow& total, const ActivityRow& row) {
  total.followups += row.followups;
  for (std::size_t i = 0; i < row.by_type.size(); ++i) total.by_type[i] += row.by_type[i];
  total.on_time += row.on_time;
  total.late += row.late;
  total.not_measurable += row.not_measurable;
}

void rate(ActivityRow& row) {
  const std::int64_t measured = row.on_time + row.late;
  if (measured > 0) row.on_time_rate = static_cast<double>(row.on_time) / static_cast<double>(measured);
}

}  // namespace

Activity activity(Session& session, const ActivityQuery& query) {
  Activity result;
  for (const Choice& type : session.view(Kind::followup).find("type")->choices)
    result.types.emplace_back(type.name);
  result.total.by_type.resize(result.types.size());
  const Period period = read_period(session, query.period);
  std::string sql =
      "SELECT owner, type, at, logged_at FROM followup WHERE at IS NOT NULL AND deleted_at IS NULL" +
      visible_sql(session, Kind::followup, "followup");
  std::optional<std::int64_t> owner;
  if (!query.owner.empty()) {
    owner = require_user(session, query.owner);
    sql += " AND owner = $1";
  }
  if (period.from) sql += " AND at >= $2";
  if (period.to) sql += " AND at < $3";
  const Param params[] = {owner, period.from, period.to};
  std::unordered_map<std::int64_t, std::size_t> places;  // by owner; 0: nobody
  session.state().connection->each(sql, params, [&](const Row& row) {
    const auto [place, is_new] = places.emplace(row.integer(0), result.rows.size());
    if (is_new) {
      ActivityRow& added = result.rows.emplace_back();
      added.by_type.resize(result.types.size());
    }
    count(row, result.types, result.rows[place->second]);
  });
  for (const auto& [user, place] : places) {
    if (user != 0) result.rows[place].owner = session.state().name_of(Kind::user, user);
  }
  for (ActivityRow& row : result.rows) {
    add(result.total, row);
    rate(row);
  }
  rate(result.total);
  std::sort(result.rows.begin(), result.rows.end(),
            [](const ActivityRow& a, const ActivityRow& b) { return group_before(a.owner, b.owner); });
  return result;
}

}  // namespace crm
