// Business hours: which hours of which days are open, and the arithmetic on them. Pure functions of moments;
// wall times are in the zone that is given.
#pragma once

#include <array>
#include <chrono>
#include <span>
#include <vector>

#include "crm/time.h"
#include "process/schedule.h"

namespace crm {

// Within a day, by the wall clock: [from, to). `to` is at most 24 hours.
struct OpenHours {
  std::chrono::minutes from{0};
  std::chrono::minutes to{0};
  friend bool operator==(const OpenHours&, const OpenHours&) = default;
};

struct DayRange {
  Date first{};
  Date last{};  // inclusive
  friend bool operator==(const DayRange&, const DayRange&) = default;
};

struct BusinessCalendar {
  std::array<std::vector<OpenHours>, 7>
      hours;  // by weekday from Sunday; in order, apart; at least one day has some
  std::vector<DayRange> holidays;
  // Days off that are worked. One has the hours of its weekday or, where that has none, of the nearest
  // weekday before it that has: Friday's for a Saturday. A day that is a holiday too is worked.
  std::vector<DayRange> workdays;

  // Monday to Friday, 9 to 18.
  static BusinessCalendar standard();

  friend bool operator==(const BusinessCalendar&, const BusinessCalendar&) = default;
};

// The day's open hours; none for a day off.
std::span<const OpenHours> open_hours(const BusinessCalendar& calendar, Date day);

// The earliest moment at which that much open time has passed since `from`: closing time, not the next
// opening. `from` itself for none. A change of the clocks within open hours counts as it elapses.
Moment add_business_time(const BusinessCalendar& calendar, const TimeZone& zone, Moment from,
                         std::chrono::seconds time);
// That many working days later at the same wall time. Both `from` and the result are moved back into open
// hours, so that a Saturday counts as Friday's closing time and nothing falls due in a break.
Moment add_business_days(const BusinessCalendar& calendar, const TimeZone& zone, Moment from,
                         std::int64_t days);
// Open time in [from, to); zero where `to` is not after `from`.
std::chrono::seconds business_time_between(const BusinessCalendar& calendar, const TimeZone& zone,
                                           Moment from, Moment to);
// The moment if it is open or a closing time, else the closing time before it.
Moment back_into_open_hours(const BusinessCalendar& calendar, const TimeZone& zone, Moment moment);

// When a dwell limit that began at `from` runs out: elapsed time, open hours or working days.
Moment add_dwell(const BusinessCalendar& calendar, const TimeZone& zone, Moment from, const Dwell& dwell);

}  // namespace crm
