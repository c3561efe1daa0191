#include "engine/sla_points.h"

#include <algorithm>

#include "records/conditions.h"
#include "records/session_state.h"

namespace crm {

std::vector<SlaPoint> points_of(const SlaRow& row) {
  std::vector<SlaPoint> points;
  for (const SlaStep& step : row.steps) points.push_back({step.percent, &step});
  const auto after_limit =
      std::find_if(points.begin(), points.end(), [](const SlaPoint& point) { return point.percent > 100; });
  points.insert(after_limit, SlaPoint{});
  return points;
}

const SlaRow* sla_row(Session& session, const StoredRecord& record) {
  for (const SlaRow& row : session.state().process().sla_of(record.id.kind)) {
    if (holds(session, row.when, record, &record)) return &row;
  }
  return nullptr;
}

}  // namespace crm
