#include "crm/time.h"

#include <doctest/doctest.h>

#include "crm/error.h"
#include "unit/random.h"

using namespace crm;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

const TimeZone& shanghai() {
  static const TimeZone zone = TimeZone::load("Asia/Shanghai");
  return zone;
}
const TimeZone& new_york() {
  static const TimeZone zone = TimeZone::load("America/New_York");
  return zone;
}

// A Sunday, 15:30 in Shanghai.
Moment now() {
  return parse_when("2026-03-01T15:30", Moment{}, shanghai());
}

std::string when(std::string_view text, DayEdge edge = DayEdge::start) {
  return format_moment(parse_when(text, now(), shanghai(), edge), shanghai());
}

}  // namespace

TEST_CASE("moments are written in RFC 3339") {
  CHECK(format_moment(Moment{}, TimeZone()) == "1970-01-01T00:00:00Z");
  CHECK(format_moment(Moment{}, shanghai()) == "1970-01-01T08:00:00+08:00");
  CHECK(format_moment(Moment{}, new_york()) == "1969-12-31T19:00:00-05:00");
  CHECK(format_moment(Moment{}, TimeZone::load("Asia/Kolkata")) == "1970-01-01T05:30:00+05:30");
  CHECK(format_moment(Moment{}, TimeZone::load("America/St_Johns")) == "1969-12-31T20:30:00-03:30");
  CHECK(format_moment_short(Moment{}, shanghai()) == "1970-01-01 08:00");
  // Local mean time, +08:05:43: the same instant in an offset that RFC 3339 has.
  CHECK(format_moment(parse_when("1890-01-01T00:00Z", Moment{}, TimeZone()), shanghai()) ==
        "1890-01-01T08:05:00+08:05");
  CHECK(format_moment(Moment(seconds(INT64_MAX)), TimeZone()) == "9999-12-31T23:59:59-23:59");
  std::string out = "at ";
  append_moment(out, Moment{}, TimeZone());
  CHECK(out == "at 1970-01-01T00:00:00Z");
}

TEST_CASE("the first and the last moments of the years with four digits are the same in every zone") {
  const TimeZone honolulu = TimeZone::load("Pacific/Honolulu");
  const TimeZone kiritimati = TimeZone::load("Pacific/Kiritimati");
  for (const char* const text :
       {"0001-01-01", "0001-01-01T00:00:01", "0001-01-01T23:59:59", "0001-01-01T00:00:00+14:00",
        "0001-01-01T00:00:00-12:00", "0001-01-02T03:04:05", "9999-12-31", "9999-12-31T23:59:59",
        "9999-12-31T23:59:59Z", "9999-12-31T23:59:59-12:00", "9999-12-31T00:00:00+14:00",
        "9999-12-31T23:59:59-23:59"}) {
    CAPTURE(text);
    for (const TimeZone& zone : {TimeZone(), shanghai(), new_york(), honolulu, kiritimati}) {
      const Moment moment = parse_when(text, now(), zone);
      for (const TimeZone& other : {TimeZone(), shanghai(), new_york(), honolulu, kiritimati}) {
        const std::string shown = format_moment(moment, other);
        CAPTURE(shown);
        CHECK(shown.substr(0, 4) == (text[0] == '0' ? "0001" : "9999"));
        CHECK(parse_when(shown, now(), shanghai()) == moment);
        CHECK(parse_import_moment(shown, shanghai(), DateOrder::unknown).moment == moment);
        CHECK(format_moment_short(moment, other).substr(0, 4) == shown.substr(0, 4));
      }
    }
  }
  CHECK(format_moment(parse_when("9999-12-31T23:59:59", now(), new_york()), shanghai()) ==
        "9999-12-31T23:59:59-05:00");
  CHECK(format_moment(parse_when("9999-12-31", now(), shanghai(), DayEdge::end), TimeZone()) ==
        "9999-12-31T16:00:00Z");
}

TEST_CASE("dates are strict") {
  using namespace std::chrono;
  CHECK(parse_iso_date("2026-03-01") == 2026y / 3 / 1);
  CHECK(parse_iso_date("2024-02-29") == 2024y / 2 / 29);
  CHECK(parse_iso_date("0001-01-01") == 1y / 1 / 1);
  CHECK(format_date(2026y / 3 / 1) == "2026-03-01");
  for (const std::string bad :
       {"", "2026-02-29", "2026-02-30", "2026-3-1", "2026-13-01", "2026-00-01", "2026-01-00", "0000-01-01",
        "2026/03/01", "26-03-01", "2026-03-01 ", "+026-03-01", "2026-03-0x", "2026-03-01T00:00"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_iso_date(bad));
  }
}

TEST_CASE("absolute times of the command line") {
  CHECK(when("2026-03-01") == "2026-03-01T00:00:00+08:00");
  CHECK(when("2026-03-01", DayEdge::end) == "2026-03-02T00:00:00+08:00");
  CHECK(when("2026-03-01T09:00") == "2026-03-01T09:00:00+08:00");
  CHECK(when("2026-03-01T09:00", DayEdge::end) == "2026-03-01T09:00:00+08:00");
  CHECK(when("2026-03-01 09:00:07") == "2026-03-01T09:00:07+08:00");
  CHECK(when("2026-03-01T09:00Z") == "2026-03-01T17:00:00+08:00");
  CHECK(when("2026-03-01T09:00:00-05:00") == "2026-03-01T22:00:00+08:00");
  CHECK(when("2026-03-01T09:00:00.999Z") == "2026-03-01T17:00:00+08:00");
  CHECK(when("09:00") == "2026-03-01T09:00:00+08:00");
  CHECK(when("23:59:59") == "2026-03-01T23:59:59+08:00");
  CHECK(when(" now ") == "2026-03-01T15:30:00+08:00");
}

TEST_CASE("relative times of the command line") {
  CHECK(when("today") == "2026-03-01T00:00:00+08:00");
  CHECK(when("Today", DayEdge::end) == "2026-03-02T00:00:00+08:00");
  CHECK(when("tomorrow") == "2026-03-02T00:00:00+08:00");
  CHECK(when("yesterday", DayEdge::end) == "2026-03-01T00:00:00+08:00");
  CHECK(when("sun") == "2026-03-08T00:00:00+08:00");  // never today
  CHECK(when("mon") == "2026-03-02T00:00:00+08:00");
  CHECK(when("sat") == "2026-03-07T00:00:00+08:00");
  CHECK(when("+3d") == "2026-03-04T15:30:00+08:00");
  CHECK(when("-2w") == "2026-02-15T15:30:00+08:00");
  CHECK(when("+4h") == "2026-03-01T19:30:00+08:00");
  CHECK(when("+30m") == "2026-03-01T16:00:00+08:00");
  CHECK(when("-30m") == "2026-03-01T15:00:00+08:00");
  CHECK(when("eow") == "2026-03-01T23:59:59+08:00");
  CHECK(when("eom") == "2026-03-31T23:59:59+08:00");
  CHECK(when("eoq") == "2026-03-31T23:59:59+08:00");
  CHECK(when("eoy") == "2026-12-31T23:59:59+08:00");
  const Moment wednesday = parse_when("2026-05-13T10:00", Moment{}, shanghai());
  CHECK(format_moment(parse_when("eow", wednesday, shanghai()), shanghai()) == "2026-05-17T23:59:59+08:00");
  CHECK(format_moment(parse_when("eoq", wednesday, shanghai()), shanghai()) == "2026-06-30T23:59:59+08:00");
}

TEST_CASE("a day and a time together, dates with slashes, Chinese days") {
  CHECK(when("tomorrow 15:00") == "2026-03-02T15:00:00+08:00");
  CHECK(when("fri 9:30") == "2026-03-06T09:30:00+08:00");
  CHECK(when("Friday") == "2026-03-06T00:00:00+08:00");
  CHECK(when("明天") == "2026-03-02T00:00:00+08:00");
  CHECK(when("后天 15:00") == "2026-03-03T15:00:00+08:00");
  CHECK(when("周三") == "2026-03-04T00:00:00+08:00");
  CHECK(when("2026/3/1") == "2026-03-01T00:00:00+08:00");
  CHECK(when("2026/12/31", DayEdge::end) == "2027-01-01T00:00:00+08:00");
  CHECK(when("2026/3/1 8:05") == "2026-03-01T08:05:00+08:00");
  for (const char* const bad :
       {"1/3/2026", "2026/2/30", "2026/13/1", "tomorrow 25:00", "tomorrow 15", "15:00 tomorrow", " 15:00x"})
    CHECK_THROWS_AS(when(bad), Error);
}

TEST_CASE("days keep the wall time, hours count what passes") {
  const Moment before = parse_when("2026-03-07T12:00", Moment{}, new_york());
  CHECK(format_moment(parse_when("+1d", before, new_york()), new_york()) == "2026-03-08T12:00:00-04:00");
  CHECK(format_moment(parse_when("+24h", before, new_york()), new_york()) == "2026-03-08T13:00:00-04:00");
  const Moment early = parse_when("2026-03-07T02:30", Moment{}, new_york());
  CHECK(format_moment(parse_when("+1d", early, new_york()), new_york()) == "2026-03-08T03:00:00-04:00");
}

TEST_CASE("what is no time is refused, with the forms") {
  for (const std::string bad : {"",
                                "someday",
                                "2026-02-30",
                                "2026-3-1",
                                "01/03/2026",
                                "2026-03-01T",
                                "2026-03-01T9:00",
                                "2026-03-01T24:00",
                                "2026-03-01T09:60",
                                "2026-03-01T09:00:60",
                                "2026-03-01T09:00+24:00",
                                "2026-03-01T09:00+8",
                                "2026-03-01T09:00 +08:00",
                                "2026-03-01x09:00",
                                "2026-03-01Z",
                                "25:00",
                                "09:00Z",
                                "+3",
                                "3d",
                                "+d",
                                "++3d",
                                "+3y",
                                "+3d4h",
                                "+1.5d",
                                "+9999999999d",
                                "+999999999w",
                                "-999999999d",
                                "eod",
                                "2026-03-01T09:00:00.",
                                "2026-03-01T09:00:00.1234567890Z"}) {
    CAPTURE(bad);
    try {
      when(bad);
      FAIL("it was read");
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::invalid);
      CHECK(error.message() == "'" + bad + "' is not a date or time");
      CHECK(error.hint().find("eow") != std::string::npos);
    }
  }
}

TEST_CASE("every moment that is written is read back") {
  Random random(4);
  for (const char* name :
       {"UTC", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Asia/Shanghai"}) {
    const TimeZone zone = TimeZone::load(name);
    for (int i = 0; i < 5'000; ++i) {
      const Moment moment(seconds(random.between<std::int64_t>(-62'000'000'000, 253'000'000'000)));
      const std::string text = format_moment(moment, zone);
      CAPTURE(text);
      REQUIRE(parse_when(text, Moment{}, TimeZone()) == moment);
      REQUIRE(parse_import_moment(text, TimeZone(), DateOrder::dmy).moment == moment);
    }
  }
}

TEST_CASE("lengths of time") {
  CHECK(parse_duration("90s") == seconds(90));
  CHECK(parse_duration("30m") == minutes(30));
  CHECK(parse_duration("48h") == hours(48));
  CHECK(parse_duration("15d") == hours(15 * 24));
  CHECK(parse_duration("2w") == hours(14 * 24));
  CHECK(parse_duration("0d") == seconds(0));
  CHECK(parse_duration("999999999w"));
  for (const std::string bad :
       {"", "d", "15", "0h", "00d", "-1d", "+1d", "1.5h", "1 d", "1y", "1D", "9999999999d", "1d1h"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_duration(bad));
  }
}
