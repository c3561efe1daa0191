// The times of one clock: its limit, and the parts of it at which something happens.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "process/business_calendar.h"

namespace crm {

// A time during which a clock stands still; an open end: it still does.
struct Pause {
  Moment from{};
  std::optional<Moment> to;
};

class LimitClock {
 public:
  LimitClock(const BusinessCalendar& calendar, const TimeZone& zone, const Dwell& limit, Moment start,
             std::vector<Pause> pauses)
      : calendar_(calendar), zone_(zone), limit_(limit), start_(start), pauses_(std::move(pauses)) {}

  // When that part of the limit has passed; nothing where the clock stands still before. A pause puts it off
  // by the time (of a business limit: the open time) that it takes.
  std::optional<Moment> at(int percent) const;

 private:
  Moment without_pauses(int percent) const;
  Moment later(Moment moment, std::chrono::seconds time) const;

  const BusinessCalendar& calendar_;
  const TimeZone& zone_;
  Dwell limit_;
  Moment start_;
  std::vector<Pause> pauses_;  // in order of time
};

}  // namespace crm
