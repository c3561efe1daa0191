#include <algorithm>
#include <map>

#include "crm/report.h"
#include "filter/render.h"
#include "records/rights.h"
#include "records/session_state.h"
#include "report/percentile.h"
#include "report/period.h"

namespace crm {
namespace {

// One owner's plans: how long each is overdue, in seconds.
struct Plans {
  std::int64_t oldest = 0;  // the earliest due time
  std::vector<std::uint32_t> overdue;
};

OverdueRow row_of(Plans& plans, std::int64_t now) {
  OverdueRow row;
  row.plans = static_cast<std::int64_t>(plans.overdue.size());
  row.oldest = Moment(std::chrono::seconds(plans.oldest));
  row.oldest_days = static_cast<double>(now - plans.oldest) / 86400;
  row.median_days = percentile_days(plans.overdue, 0.5).value_or(0);
  return row;
}

}  // namespace

Overdue overdue(Session& session) {
  const std::int64_t now = now_seconds(session);
  std::map<std::int64_t, Plans> owners;  // 0: nobody
  const Param params[] = {now};
  session.state().connection->each(
      "SELECT r.owner, r.due_at FROM followup r WHERE r.due_at < $1 AND r.due_at IS NOT NULL AND r.done_at "
      "IS NULL AND r.at IS NULL AND r.deleted_at IS NULL AND NOT " +
          field_sql(*session.view(Kind::followup).find("about_deleted"), "$1") +
          visible_sql(session, Kind::followup),
      params, [&](const Row& row) {
        Plans& plans = owners[row.integer(0)];
        const std::int64_t due = row.integer(1);
        if (plans.overdue.empty() || due < plans.oldest) plans.oldest = due;
        plans.overdue.push_back(static_cast<std::uint32_t>(std::min<std::int64_t>(now - due, UINT32_MAX)));
      });
  Overdue result;
  for (auto& [user, plans] : owners) {
    OverdueRow& row = result.rows.emplace_back(row_of(plans, now));
    if (user != 0) row.owner = session.state().name_of(Kind::user, user);
    result.plans += row.plans;
  }
  std::sort(result.rows.begin(), result.rows.end(), [](const OverdueRow& a, const OverdueRow& b) {
    return a.plans != b.plans ? a.plans > b.plans : group_before(a.owner, b.owner);
  });
  return result;
}

}  // namespace crm
