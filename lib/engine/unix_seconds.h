#pragma once

#include <cstdint>

#include "crm/time.h"

namespace crm {

// Between a moment and what the database keeps of it.
inline Moment moment_of(std::int64_t unix_seconds) {
  return Moment(std::chrono::seconds(unix_seconds));
}
inline std::int64_t seconds_of(Moment moment) {
  return moment.time_since_epoch().count();
}

}  // namespace crm
