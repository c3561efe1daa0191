// The rule of a time zone as a POSIX TZ text, such as "EST5EDT,M3.2.0,M11.1.0": the footer of a zoneinfo
// file, which tells the offsets of the years after its table.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "crm/time.h"

namespace crm {

struct PosixZone {
  // A day of the year and a wall time on it, read with the offset that ends then.
  struct Switch {
    enum class Form { julian_without_leap_day, day_of_year, weekday_of_month };
    Form form = Form::weekday_of_month;
    int day = 0;                                       // 1–365, 0–365, or the weekday from 0, Sunday
    int week = 0;                                      // 1–5, 5 the last
    int month = 0;                                     // 1–12
    std::chrono::seconds time{std::chrono::hours(2)};  // −167 h … 167 h (RFC 8536, 3.3.1)
  };

  std::chrono::seconds standard_offset{0};  // to add to UTC, unlike in the text
  bool has_daylight = false;
  std::chrono::seconds daylight_offset{0};
  Switch daylight_start;
  Switch daylight_end;

  // The instants at which daylight time begins and ends in a year that has it.
  Moment start_in(std::chrono::year year) const;
  Moment end_in(std::chrono::year year) const;
};

// Nothing where the text is no such rule. Daylight time without dates (the form without a comma) is no rule
// either.
std::optional<PosixZone> parse_posix_zone(std::string_view text);

}  // namespace crm
