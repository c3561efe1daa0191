#include "ratings/rating.h"

#include "records/conditions.h"
#include "records/session_state.h"

namespace crm {
namespace {

bool matches(Session& session, Kind kind, const std::string& when, const RecordValues& values) {
  return when.empty() || holds(process_condition(session, kind, when), values);
}

}  // namespace

Rating rate(Session& session, const StoredRecord& record, RecordValues::Derived derived) {
  Rating rating;
  const Process& process = session.state().process();
  const Kind kind = record.id.kind;
  const RecordValues values(session, record, derived);
  for (const ScoreRow& row : process.scores[slot(kind)]) {
    if (!rating.score) rating.score = 0;
    if (matches(session, kind, row.when, values)) *rating.score += row.points;
  }
  for (const LevelRow& row : process.levels[slot(kind)]) {
    if (!matches(session, kind, row.when, values)) continue;
    rating.level = &row;
    break;
  }
  return rating;
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
