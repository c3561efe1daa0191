// When something is to run, as a workflow file writes it, and how long a record may stay somewhere.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "crm/time.h"

namespace crm {

struct BusinessCalendar;

// `15m | day at HH:MM | workday at HH:MM | mon at HH:MM | month on 1 at HH:MM`.
struct Schedule {
  enum class Unit : std::uint8_t { interval, day, workday, weekday, month };
  Unit unit = Unit::day;
  std::chrono::seconds interval{0};     // of an interval; counted from 1970-01-01T00:00:00Z
  std::chrono::minutes time_of_day{0};  // wall time, of all others
  std::chrono::weekday weekday{};
  unsigned day = 1;  // of the month; a day that a month does not have is its last
};

// Nothing where the text is none of these forms. An interval is a minute or more.
std::optional<Schedule> parse_schedule(std::string_view text);
inline constexpr std::string_view kScheduleForms =
    "15m, 'day at 09:00', 'workday at 09:00', 'mon at 09:00' or 'month on 1 at 09:00'";

// The latest planned time at or before `now`: where the period begins that contains it. A wall time that a
// change of the clocks skips is the first valid instant after it; one that occurs twice is the first of the
// two. A workday is a day with open hours in the calendar.
Moment period_start(const Schedule& schedule, Moment now, const TimeZone& zone,
                    const BusinessCalendar& calendar);

// The earliest planned time after `moment`.
Moment next_start(const Schedule& schedule, Moment moment, const TimeZone& zone,
                  const BusinessCalendar& calendar);

// A dwell limit: "30m", "16h", "3d", "2w" of elapsed time; "8h business", "3d business" of open hours or
// working days.
struct Dwell {
  std::int64_t count = 0;
  char unit = 'd';  // m, h, d, w; of business time h or d
  bool business = false;
};

// Nothing where the text is no such length of more than zero.
std::optional<Dwell> parse_dwell(std::string_view text);
inline constexpr std::string_view kDwellForms = "30m, 16h, 3d, 2w, '8h business' or '3d business'";

}  // namespace crm
