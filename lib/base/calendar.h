// The days that the program knows: those of the years 1 to 9999, which YYYY-MM-DD can write.
#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

#include "crm/time.h"

namespace crm {

// A day is left free at both ends, so that every zone's wall time is in those years too.
inline constexpr Moment kFirstMoment = std::chrono::sys_days(std::chrono::year(1) / 1 / 2);
inline constexpr Moment kLastMoment =
    std::chrono::sys_days(std::chrono::year(9999) / 12 / 31) - std::chrono::seconds(1);

inline bool is_in_calendar(Moment moment) {
  return kFirstMoment <= moment && moment <= kLastMoment;
}
// The moment, or the nearest that is in the calendar.
inline Moment within_calendar(Moment moment) {
  return std::clamp(moment, kFirstMoment, kLastMoment);
}

// Nothing for a day that is not in the calendar: 2026-02-30, the year 0.
std::optional<Date> date_of(int year, int month, int day);

}  // namespace crm
