#include "process/schedule.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "process/business_calendar.h"

namespace crm {
namespace {

using std::chrono::days;
using std::chrono::sys_days;

constexpr std::array<std::string_view, 7> kWeekdays = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};

// A whole number of at most `digits` digits and nothing else.
std::optional<unsigned> parse_number(std::string_view text, std::size_t digits) {
  unsigned number = 0;
  if (text.empty() || text.size() > digits) return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<std::chrono::minutes> parse_wall_time(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const auto hour = parse_number(text.substr(0, 2), 2);
  const auto minute = parse_number(text.substr(3), 2);
  if (!hour || !minute || *hour > 23 || *minute > 59) return std::nullopt;
  return std::chrono::hours(*hour) + std::chrono::minutes(*minute);
}

// The day that the words before " at " name.
std::optional<Schedule> parse_day(std::string_view words) {
  Schedule schedule;
  if (words == "day") return schedule;
  if (words == "workday") {
    schedule.unit = Schedule::Unit::workday;
    return schedule;
  }
  for (unsigned i = 0; i < kWeekdays.size(); ++i) {
    if (words != kWeekdays[i]) continue;
    schedule.unit = Schedule::Unit::weekday;
    schedule.weekday = std::chrono::weekday(i);
    return schedule;
  }
  constexpr std::string_view kMonth = "month on ";
  if (!words.starts_with(kMonth)) return std::nullopt;
  const auto day = parse_number(words.substr(kMonth.size()), 2);
  if (!day || *day < 1 || *day > 31) return std::nullopt;
  schedule.unit = Schedule::Unit::month;
  schedule.day = *day;
  return schedule;
}

// A calendar may close for so long, not for ever: then every day counts.
constexpr int kMostDaysOff = 800;

bool falls_on(const Schedule& schedule, sys_days day, const BusinessCalendar& calendar) {
  const std::chrono::weekday weekday(day);
  switch (schedule.unit) {
    case Schedule::Unit::workday:
      return !open_hours(calendar, Date(day)).empty();
    case Schedule::Unit::weekday:
      return weekday == schedule.weekday;
    case Schedule::Unit::month: {
      const Date date(day);
      const Date last(date.year() / date.month() / std::chrono::last);
      return date.day() == std::min(std::chrono::day(schedule.day), last.day());
    }
    case Schedule::Unit::interval:
    case Schedule::Unit::day:
      break;
  }
  return true;
}

}  // namespace

std::optional<Schedule> parse_schedule(std::string_view text) {
  constexpr std::string_view kAt = " at ";
  const std::size_t at = text.find(kAt);
  if (at == std::string_view::npos) {
    const auto interval = parse_duration(text);
    if (!interval || *interval < std::chrono::minutes(1)) return std::nullopt;
    Schedule schedule;
    schedule.unit = Schedule::Unit::interval;
    schedule.interval = *interval;
    return schedule;
  }
  std::optional<Schedule> schedule = parse_day(text.substr(0, at));
  const auto time_of_day = parse_wall_time(text.substr(at + kAt.size()));
  if (!schedule || !time_of_day) return std::nullopt;
  schedule->time_of_day = *time_of_day;
  return schedule;
}

Moment period_start(const Schedule& schedule, Moment now, const TimeZone& zone,
                    const BusinessCalendar& calendar) {
  if (schedule.unit == Schedule::Unit::interval) {
    const auto since = now.time_since_epoch();
    auto remainder = since % schedule.interval;
    if (remainder.count() < 0) remainder += schedule.interval;
    return now - remainder;
  }
  // The first of two midnights lies before now where the clocks go back across midnight.
  sys_days day = sys_days(zone.to_local(now).date) + days(1);
  for (int closed = 0;; ++closed, day -= days(1)) {
    if (closed < kMostDaysOff && !falls_on(schedule, day, calendar)) continue;
    const Moment planned = zone.to_moment({Date(day), schedule.time_of_day});
    if (planned <= now) return planned;
  }
}

Moment next_start(const Schedule& schedule, Moment moment, const TimeZone& zone,
                  const BusinessCalendar& calendar) {
  if (schedule.unit == Schedule::Unit::interval)
    return period_start(schedule, moment, zone, calendar) + schedule.interval;
  // The day before: a planned time that the clocks skip may lie in the next day.
  sys_days day = sys_days(zone.to_local(moment).date) - days(1);
  for (int closed = 0;; ++closed, day += days(1)) {
    if (closed < kMostDaysOff && !falls_on(schedule, day, calendar)) continue;
    const Moment planned = zone.to_moment({Date(day), schedule.time_of_day});
    if (planned > moment) return planned;
  }
}

std::optional<Dwell> parse_dwell(std::string_view text) {
  constexpr std::string_view kBusiness = " business";
  Dwell dwell;
  dwell.business = text.ends_with(kBusiness);
  if (dwell.business) text.remove_suffix(kBusiness.size());
  if (text.empty()) return std::nullopt;
  dwell.unit = text.back();
  const std::string_view units = dwell.business ? "hd" : "mhdw";
  const auto count = parse_number(text.substr(0, text.size() - 1), 6);
  if (!count || *count == 0 || units.find(dwell.unit) == std::string_view::npos) return std::nullopt;
  dwell.count = *count;
  return dwell;
}

}  // namespace crm
