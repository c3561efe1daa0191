// What goes back to the pool, told before it happens.
#pragma once

#include <optional>
#include <vector>

#include "crm/ownership.h"
#include "records/attempt.h"

namespace crm {

// The same as recycle_due(session), each release and each person's warning as an attempt.
Recycling recycle_due(Session& session, Attempt attempt);
// What it would do with the records of a kind at the session's now.
Recycling due_recycling(Session& session, Kind kind);

// When a record goes back, as things stand: the first daily looks from these moments on do it.
struct ComingRecycling {
  int line = 0;  // of the row that counts for it
  int after_days = 0;
  Moment since{};                 // the last follow-up, or when its owner got it
  std::optional<Moment> warning;  // of its owner; nothing where they are warned by now, or never are
  Moment release{};
};
// Nothing for a record that does not.
std::optional<ComingRecycling> coming_recycling(Session& session, RecordId record);

}  // namespace crm
