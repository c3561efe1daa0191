// The clocks of a record by name, and the points at which something happens on them.
#pragma once

#include <vector>

#include "crm/session.h"
#include "process/sla.h"
#include "records/stored_record.h"

namespace crm {

inline constexpr const char* kStageTimer = "stage";
inline constexpr const char* kRespondTimer = "respond";
inline constexpr const char* kResolveTimer = "resolve";

// Something that happens once a part of the limit has passed: a step of the escalation, or (null) the limit
// itself.
struct SlaPoint {
  int percent = 100;
  const SlaStep* step = nullptr;
};

// In order of time.
std::vector<SlaPoint> points_of(const SlaRow& row);

// The row of the table that gives the record its clocks; null where none does.
const SlaRow* sla_row(Session& session, const StoredRecord& record);

}  // namespace crm
