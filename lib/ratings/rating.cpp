#include "ratings/rating.h"

#include "records/conditions.h"
#include "records/session_state.h"

namespace crm {
namespace {

bool matches(Session& session, Kind kind, const std::string& when, const RecordValues& values) {
  return when.empty() || holds(process_condition(session, kind, when), values);
}

}  // namespace

std::optional<std::int64_t> score_of(Session& session, Kind kind, const RecordValues& values) {
  std::optional<std::int64_t> score;
  for (const ScoreRow& row : session.state().process().scores[slot(kind)]) {
    if (!score) score = 0;
    if (matches(session, kind, row.when, values)) *score += row.points;
  }
  return score;
}

const LevelRow* level_of(Session& session, Kind kind, const RecordValues& values) {
  for (const LevelRow& row : session.state().process().levels[slot(kind)]) {
    if (matches(session, kind, row.when, values)) return &row;
  }
  return nullptr;
}

bool is_rated(Session& session, Kind kind) {
  const Process& process = session.state().process();
  return !process.scores[slot(kind)].empty() || !process.levels[slot(kind)].empty();
}

std::string level_reason(const LevelRow& row) {
  if (!row.reason.empty()) return row.reason;
  return row.when.empty() ? "all others" : row.when;
}

}  // namespace crm
