// The times of a clock.
#include <doctest/doctest.h>

#include "engine/clock.h"

using namespace crm;

namespace {

Moment at(const char* text) {
  return parse_when(text, {}, TimeZone::load("Asia/Shanghai"));
}

LimitClock clock_of(const BusinessCalendar& calendar, const TimeZone& zone, const char* limit,
                    std::vector<Pause> pauses = {}) {
  return {calendar, zone, *parse_dwell(limit), at("2026-03-02T09:00"), std::move(pauses)};
}

}  // namespace

TEST_SUITE_BEGIN("engine/clock");

TEST_CASE("parts of a limit, elapsed and in open hours") {
  const BusinessCalendar calendar = BusinessCalendar::standard();  // Monday to Friday, 9 to 18
  const TimeZone zone = TimeZone::load("Asia/Shanghai");
  CHECK(clock_of(calendar, zone, "10h").at(80) == at("2026-03-02T17:00"));
  CHECK(clock_of(calendar, zone, "10h").at(100) == at("2026-03-02T19:00"));
  CHECK(clock_of(calendar, zone, "10h business").at(100) == at("2026-03-03T10:00"));
  CHECK(clock_of(calendar, zone, "10h business").at(90) == at("2026-03-02T18:00"));
  CHECK(clock_of(calendar, zone, "10h business").at(200) == at("2026-03-04T11:00"));
}

TEST_CASE("a pause puts a clock off by the time it takes; an open one stops it") {
  const BusinessCalendar calendar = BusinessCalendar::standard();
  const TimeZone zone = TimeZone::load("Asia/Shanghai");
  const std::vector<Pause> closed = {{at("2026-03-02T10:00"), at("2026-03-02T12:00")}};
  CHECK(clock_of(calendar, zone, "10h", closed).at(100) == at("2026-03-02T21:00"));
  const std::vector<Pause> night = {{at("2026-03-02T17:00"), at("2026-03-03T10:00")}};
  CHECK(clock_of(calendar, zone, "10h business", night).at(100) == at("2026-03-03T12:00"));
  const std::vector<Pause> late = {{at("2026-03-02T20:00"), at("2026-03-02T21:00")}};
  CHECK(clock_of(calendar, zone, "10h", late).at(100) == at("2026-03-02T19:00"));
  const std::vector<Pause> open = {{at("2026-03-02T10:00"), std::nullopt}};
  CHECK_FALSE(clock_of(calendar, zone, "10h", open).at(100).has_value());
  CHECK(clock_of(calendar, zone, "10h", open).at(5) == at("2026-03-02T09:30"));
}

TEST_SUITE_END();
