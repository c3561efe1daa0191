#include "process/schedule.h"

#include <doctest/doctest.h>

#include <chrono>
#include <string>

#include "process/business_calendar.h"

using crm::BusinessCalendar;
using crm::Moment;
using crm::TimeZone;

namespace {

Moment at(const std::string& text, const TimeZone& zone) {
  return crm::parse_when(text, Moment{}, zone);
}

// Where the period that contains `now` begins, in the zone.
std::string start(const std::string& schedule, const std::string& now,
                  const std::string& zone_name = "Asia/Shanghai",
                  const BusinessCalendar& calendar = BusinessCalendar::standard()) {
  const TimeZone zone = TimeZone::load(zone_name);
  const auto parsed = crm::parse_schedule(schedule);
  REQUIRE(parsed.has_value());
  return crm::format_moment(crm::period_start(*parsed, at(now, zone), zone, calendar), zone);
}

}  // namespace

TEST_CASE("the forms of a schedule") {
  for (const char* text :
       {"15m", "1h", "1d", "day at 09:00", "workday at 23:59", "sun at 00:00", "month on 31 at 08:30"}) {
    CAPTURE(text);
    CHECK(crm::parse_schedule(text).has_value());
  }
  for (const char* text : {"", "day", "day at 9:00", "day at 24:00", "day at 09:60", "day at 09:00 ",
                           "Day at 09:00", "30s", "0d", "-15m", "month on 0 at 09:00", "month on 32 at 09:00",
                           "month on 1st at 09:00", " at 09:00", "holiday at 09:00", "day at +9:00"}) {
    CAPTURE(text);
    CHECK_FALSE(crm::parse_schedule(text).has_value());
  }
}

TEST_CASE("a period begins at its latest planned time") {
  CHECK(start("day at 09:00", "2026-03-02T09:00") == "2026-03-02T09:00:00+08:00");
  CHECK(start("day at 09:00", "2026-03-02T08:59:59") == "2026-03-01T09:00:00+08:00");
  CHECK(start("workday at 09:00", "2026-03-02T08:00") == "2026-02-27T09:00:00+08:00");
  CHECK(start("mon at 09:00", "2026-03-08T23:00") == "2026-03-02T09:00:00+08:00");
  CHECK(start("mon at 09:00", "2026-03-09T09:00") == "2026-03-09T09:00:00+08:00");
  CHECK(start("month on 1 at 09:00", "2026-03-01T08:00") == "2026-02-01T09:00:00+08:00");
  CHECK(start("month on 31 at 09:00", "2026-03-15T08:00") == "2026-02-28T09:00:00+08:00");
  CHECK(start("15m", "2026-03-01T08:14:59") == "2026-03-01T08:00:00+08:00");
  CHECK(start("15m", "2026-03-01T08:15:00") == "2026-03-01T08:15:00+08:00");
}

TEST_CASE("a workday is one of the calendar: no holiday, and a Saturday that is worked") {
  BusinessCalendar calendar = BusinessCalendar::standard();
  const auto october = [](unsigned day) { return std::chrono::year(2026) / 10 / std::chrono::day(day); };
  calendar.holidays.push_back({october(1), october(7)});
  calendar.workdays.push_back({october(10), october(10)});
  const auto begun = [&](const char* now) {
    return start("workday at 09:00", now, "Asia/Shanghai", calendar);
  };
  CHECK(begun("2026-10-07T12:00") == "2026-09-30T09:00:00+08:00");
  CHECK(begun("2026-10-10T12:00") == "2026-10-10T09:00:00+08:00");
  CHECK(begun("2026-10-11T12:00") == "2026-10-10T09:00:00+08:00");
  const TimeZone zone = TimeZone::load("Asia/Shanghai");
  CHECK(crm::format_moment(crm::next_start(*crm::parse_schedule("workday at 09:00"),
                                           at("2026-09-30T09:00", zone), zone, calendar),
                           zone) == "2026-10-08T09:00:00+08:00");
  calendar.holidays.push_back({std::chrono::year(1990) / 1 / 1, std::chrono::year(2100) / 1 / 1});
  CHECK(begun("2026-03-02T12:00") != "");  // closed for ever: it ends
}

TEST_CASE("a planned time at a change of the clocks") {
  // 02:30 does not exist on 8 March 2026 in New York, and 01:30 occurs twice on 1 November.
  CHECK(start("day at 02:30", "2026-03-08T12:00", "America/New_York") == "2026-03-08T03:00:00-04:00");
  CHECK(start("day at 01:30", "2026-11-01T12:00", "America/New_York") == "2026-11-01T01:30:00-04:00");
  // In 2006 the clocks of St. John's went back from 00:01 to 23:01 of the day before: midnight occurs twice,
  // and the first one lies before 23:30 of that day.
  CHECK(start("day at 00:00", "2006-10-28T23:30:00-03:30", "America/St_Johns") ==
        "2006-10-29T00:00:00-02:30");
}

TEST_CASE("no moment is before its own period, and periods do not shrink backwards") {
  const TimeZone zone = TimeZone::load("America/New_York");
  for (const char* text :
       {"45m", "day at 02:30", "workday at 17:00", "wed at 00:00", "month on 30 at 12:00"}) {
    CAPTURE(text);
    const auto schedule = crm::parse_schedule(text);
    REQUIRE(schedule.has_value());
    Moment last =
        crm::period_start(*schedule, at("2025-12-31T00:00", zone), zone, BusinessCalendar::standard());
    for (Moment now = at("2026-01-01T00:00", zone); now < at("2027-01-01T00:00", zone);
         now += std::chrono::minutes(317)) {
      const Moment begin = crm::period_start(*schedule, now, zone, BusinessCalendar::standard());
      REQUIRE(begin <= now);
      REQUIRE(begin >= last);
      REQUIRE(crm::period_start(*schedule, begin, zone, BusinessCalendar::standard()) == begin);
      last = begin;
    }
  }
}

TEST_CASE("dwell limits") {
  const auto dwell = crm::parse_dwell("16h business");
  REQUIRE(dwell.has_value());
  CHECK(dwell->count == 16);
  CHECK(dwell->unit == 'h');
  CHECK(dwell->business);
  CHECK_FALSE(crm::parse_dwell("3d")->business);
  for (const char* text : {"", "0d", "d", "3", "3y", "30m business", "2w business", "3d  business",
                           "3dbusiness", "-1d", "9999999d"}) {
    CAPTURE(text);
    CHECK_FALSE(crm::parse_dwell(text).has_value());
  }
}
