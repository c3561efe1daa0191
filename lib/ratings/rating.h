// What the score and level tables say of one record.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "process/rating.h"
#include "records/record_values.h"

namespace crm {

struct Rating {
  std::optional<std::int64_t> score;  // nothing where the kind has no such table
  const LevelRow* level = nullptr;    // null where no row matches, or the kind has no such table
};

Rating rate(Session& session, const StoredRecord& record, RecordValues::Derived derived);
bool is_rated(Session& session, Kind kind);
// Why the row gives its level: its reason, else its condition.
std::string level_reason(const LevelRow& row);

}  // namespace crm
