#include "process/business_calendar.h"

#include <algorithm>

#include "base/calendar.h"

namespace crm {
namespace {

using std::chrono::days;
using std::chrono::seconds;
using std::chrono::sys_days;

bool within(const std::vector<DayRange>& ranges, sys_days day) {
  return std::any_of(ranges.begin(), ranges.end(), [&](const DayRange& range) {
    return sys_days(range.first) <= day && day <= sys_days(range.last);
  });
}

const std::vector<OpenHours>& hours_of(const BusinessCalendar& calendar, sys_days day) {
  return calendar.hours[std::chrono::weekday(day).c_encoding()];
}

std::span<const OpenHours> hours_on(const BusinessCalendar& calendar, sys_days day) {
  if (within(calendar.workdays, day)) {
    sys_days model = day;
    for (int back = 0; back < 7 && hours_of(calendar, model).empty(); ++back) model -= days(1);
    return hours_of(calendar, model);
  }
  if (within(calendar.holidays, day)) return {};
  return hours_of(calendar, day);
}

// A stretch of open time on one day; empty where the clocks skip it.
struct Stretch {
  Moment from;
  Moment to;
};

Stretch stretch_on(const TimeZone& zone, sys_days day, const OpenHours& hours) {
  const auto at = [&](std::chrono::minutes time) {
    return time < days(1) ? zone.to_moment({Date(day), time})
                          : zone.to_moment({Date(day + days(1)), seconds(0)});
  };
  return {at(hours.from), at(hours.to)};
}

sys_days local_day(const TimeZone& zone, Moment moment) {
  return sys_days(zone.to_local(moment).date);
}

constexpr sys_days kFirstDay = std::chrono::floor<days>(kFirstMoment) + days(2);
constexpr sys_days kLastDay = std::chrono::floor<days>(kLastMoment) - days(2);

// Nothing is open for so long: a year of holidays and some.
constexpr int kMostClosedDays = 800;

}  // namespace

BusinessCalendar BusinessCalendar::standard() {
  BusinessCalendar calendar;
  for (std::size_t weekday = 1; weekday <= 5; ++weekday) {
    calendar.hours[weekday] = {{std::chrono::hours(9), std::chrono::hours(18)}};
  }
  return calendar;
}

std::span<const OpenHours> open_hours(const BusinessCalendar& calendar, Date day) {
  return hours_on(calendar, sys_days(day));
}

Moment add_business_time(const BusinessCalendar& calendar, const TimeZone& zone, Moment from, seconds time) {
  if (time <= seconds(0)) return from;
  // Where midnight occurs twice, open time of the day before may still lie ahead.
  sys_days day = local_day(zone, from) - days(1);
  for (int closed = 0; closed < kMostClosedDays && day < kLastDay; day += days(1), ++closed) {
    for (const OpenHours& hours : hours_on(calendar, day)) {
      Stretch stretch = stretch_on(zone, day, hours);
      stretch.from = std::max(stretch.from, from);
      if (stretch.to <= stretch.from) continue;
      closed = 0;
      if (time <= stretch.to - stretch.from) return stretch.from + time;
      time -= stretch.to - stretch.from;
    }
  }
  return kLastMoment;
}

Moment back_into_open_hours(const BusinessCalendar& calendar, const TimeZone& zone, Moment moment) {
  sys_days day = local_day(zone, moment) + days(1);
  for (int closed = 0; closed < kMostClosedDays && day > kFirstDay; day -= days(1), ++closed) {
    const auto all = hours_on(calendar, day);
    for (auto hours = all.rbegin(); hours != all.rend(); ++hours) {
      const Stretch stretch = stretch_on(zone, day, *hours);
      if (stretch.from <= moment && stretch.from < stretch.to) return std::min(moment, stretch.to);
    }
  }
  return moment;
}

Moment add_business_days(const BusinessCalendar& calendar, const TimeZone& zone, Moment from,
                         std::int64_t count) {
  if (count <= 0) return from;
  const Moment start = back_into_open_hours(calendar, zone, from);
  const LocalTime local = zone.to_local(start);
  sys_days day(local.date);
  // A closing time at midnight belongs to the day that ends.
  std::chrono::seconds time_of_day = local.time_of_day;
  if (time_of_day == seconds(0) &&
      back_into_open_hours(calendar, zone, start - seconds(1)) == start - seconds(1)) {
    const auto hours = hours_on(calendar, day);
    if (hours.empty() || hours.front().from > std::chrono::minutes(0)) {
      day -= days(1);
      time_of_day = days(1);
    }
  }
  for (int closed = 0; count > 0 && closed < kMostClosedDays && day < kLastDay; ++closed) {
    day += days(1);
    if (hours_on(calendar, day).empty()) continue;
    --count;
    closed = 0;
  }
  const Moment wall = time_of_day < days(1) ? zone.to_moment({Date(day), time_of_day})
                                            : zone.to_moment({Date(day + days(1)), seconds(0)});
  return back_into_open_hours(calendar, zone, wall);
}

seconds business_time_between(const BusinessCalendar& calendar, const TimeZone& zone, Moment from,
                              Moment to) {
  seconds time(0);
  if (to <= from) return time;
  const sys_days last = local_day(zone, to) + days(1);
  for (sys_days day = local_day(zone, from) - days(1); day <= last; day += days(1)) {
    for (const OpenHours& hours : hours_on(calendar, day)) {
      const Stretch stretch = stretch_on(zone, day, hours);
      const Moment begin = std::max(stretch.from, from);
      const Moment end = std::min(stretch.to, to);
      if (begin < end) time += end - begin;
    }
  }
  return time;
}

Moment add_dwell(const BusinessCalendar& calendar, const TimeZone& zone, Moment from, const Dwell& dwell) {
  if (dwell.business) {
    if (dwell.unit == 'd') return add_business_days(calendar, zone, from, dwell.count);
    return add_business_time(calendar, zone, from, std::chrono::hours(dwell.count));
  }
  const auto unit = [&]() -> seconds {
    switch (dwell.unit) {
      case 'm':
        return std::chrono::minutes(1);
      case 'h':
        return std::chrono::hours(1);
      case 'w':
        return std::chrono::weeks(1);
      default:
        return days(1);
    }
  }();
  return within_calendar(from + unit * dwell.count);
}

}  // namespace crm
