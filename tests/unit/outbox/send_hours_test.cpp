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

TEST_CASE("what are no hours") {
  for (const char* text : {"", "9-18", "09:00", "09:00-09:00", "25:00-26:00", "09:60-10:00", "Calendar"})
    CHECK_FALSE(SendHours::parse(text));
  CHECK(SendHours::parse("00:00-24:00"));
}
