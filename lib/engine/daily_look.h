// What changes by time alone, looked at once a day: the pool, scores and levels.
#pragma once

#include <cstddef>
#include <string>

#include "crm/ownership.h"
#include "records/attempt.h"

namespace crm {

struct DailyLook {
  Recycling recycled;
  std::size_t rated = 0;  // records whose score or level is another

  bool is_idle() const { return recycled.released.empty() && recycled.warned.empty() && rated == 0; }
  // In words, for whoever asked what the run does.
  std::string told() const;
};

// At the session's now; inside a Write.
DailyLook look_daily(Session& session, Attempt attempt);

}  // namespace crm
