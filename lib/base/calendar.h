// The days that the program knows: those of the years 1 to 9999, which YYYY-MM-DD can write.
#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

#include "crm/time.h"

namespace crm {

inline constexpr Moment kFirstMoment = std::chrono::sys_days(std::chrono::year(1) / 1 / 1);
inline constexpr Moment kLastMoment =
    std::chrono::sys_days(std::chrono::year(9999) / 12 / 31) + std::chrono::days(1) - std::chrono::seconds(1);

inline bool is_in_calendar(Moment moment) {
  return kFirstMoment <= moment && moment <= kLastMoment;
}
// The moment, or the nearest that is in the calendar.
inline Moment within_calendar(Moment moment) {
  return std::clamp(moment, kFirstMoment, kLastMoment);
}

// The first and last days of the calendar are longer than others: they have begun, and have not ended, where
// it is such a day in any zone. The moment, or the nearest that can be written with some offset.
inline constexpr std::chrono::minutes kWidestOffset{24 * 60 - 1};
inline Moment within_writing(Moment moment) {
  return std::clamp(moment, kFirstMoment - kWidestOffset, kLastMoment + kWidestOffset);
}

// Nothing for a day that is not in the calendar: 2026-02-30, the year 0.
std::optional<Date> date_of(int year, int month, int day);

}  // namespace crm
