// What the score and level tables say of one record.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "process/rating.h"
#include "records/attempt.h"
#include "records/record_values.h"

namespace crm {

// Nothing where the kind has no such table.
std::optional<std::int64_t> score_of(Session& session, Kind kind, const RecordValues& values);
// The row that sets the level, which may ask for the record's score; null where none matches.
const LevelRow* level_of(Session& session, Kind kind, const RecordValues& values);
bool is_rated(Session& session, Kind kind);
// The same as refresh_ratings(session, kind), each record as an attempt.
std::vector<RecordId> refresh_ratings(Session& session, Kind kind, Attempt attempt);
// Why the row gives its level: its reason, else its condition.
std::string level_reason(const LevelRow& row);

}  // namespace crm
