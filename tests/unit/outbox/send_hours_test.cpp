#include "outbox/send_hours.h"

#include <doctest/doctest.h>

using namespace crm;

namespace {

bool open_at(const char* hours, const char* moment, const char* zone = "Asia/Shanghai") {
  BusinessCalendar calendar = BusinessCalendar::standard();
  const Date holiday = std::chrono::year(2026) / 10 / 1;
  calendar.holidays.push_back({holiday, holiday});
  const auto parsed = SendHours::parse(hours);
  REQUIRE(parsed);
  const TimeZone here = TimeZone::load("Asia/Shanghai");
  return parsed->contains(parse_when(moment, {}, here), TimeZone::load(zone), calendar);
}

}  // namespace

TEST_CASE("hours by the recipient's clock") {
  CHECK(open_at("09:00-18:00", "2026-03-02T09:00"));
  CHECK_FALSE(open_at("09:00-18:00", "2026-03-02T18:00"));
  CHECK_FALSE(open_at("09:00-18:00", "2026-03-02T10:00", "America/New_York"));
  CHECK(open_at("09:00-18:00", "2026-03-02T23:00", "America/New_York"));
  CHECK(open_at("22:00-06:00", "2026-03-02T23:00"));
  CHECK(open_at("22:00-06:00", "2026-03-02T05:59"));
  CHECK_FALSE(open_at("22:00-06:00", "2026-03-02T06:00"));
}

TEST_CASE("the workflow's calendar: weekends and holidays are quiet") {
  CHECK(open_at("calendar", "2026-09-30T09:00"));
  CHECK_FALSE(open_at("calendar", "2026-10-01T09:00"));
  CHECK_FALSE(open_at("calendar", "2026-03-01T10:00"));  // a Sunday
  CHECK_FALSE(open_at("calendar", "2026-03-02T07:00"));
}

TEST_CASE("hours on workdays: no weekend, no holiday") {
  CHECK(open_at("workdays 08:00-20:00", "2026-03-02T08:00"));
  CHECK(open_at("workdays 08:00-20:00", "2026-03-02T19:59"));  // after the calendar's closing time
  CHECK_FALSE(open_at("workdays 08:00-20:00", "2026-03-02T20:00"));
  CHECK_FALSE(open_at("workdays 08:00-20:00", "2026-03-01T10:00"));
  CHECK_FALSE(open_at("workdays 08:00-20:00", "2026-10-01T10:00"));
  // Monday morning in Shanghai is Sunday evening in New York.
  CHECK_FALSE(open_at("workdays 08:00-22:00", "2026-03-02T10:00", "America/New_York"));
}

TEST_CASE("hours where the clocks change") {
  // 02:30 does not exist on 8 March 2026 in New York: the clock shows 03:00 then. 01:30 comes twice on 1
  // November.
  CHECK_FALSE(open_at("02:00-03:00", "2026-03-08T07:00:00Z", "America/New_York"));
  CHECK(open_at("03:00-04:00", "2026-03-08T07:00:00Z", "America/New_York"));
  for (const char* moment : {"2026-11-01T05:30:00Z", "2026-11-01T06:30:00Z"})
    CHECK(open_at("01:00-02:00", moment, "America/New_York"));
  CHECK_FALSE(open_at("01:00-02:00", "2026-11-01T07:00:00Z", "America/New_York"));
}

TEST_CASE("what are no hours") {
  for (const char* text : {"", "9-18", "09:00", "09:00-09:00", "25:00-26:00", "09:60-10:00", "Calendar",
                           "workdays", "workdays 9-18", "workdays  09:00-18:00"})
    CHECK_FALSE(SendHours::parse(text));
  CHECK(SendHours::parse("00:00-24:00"));
}
