#include <doctest/doctest.h>

#include "crm/time.h"

using namespace crm;

namespace {

std::string moment_of(std::string_view text, DateOrder order = DateOrder::unknown) {
  static const TimeZone zone = TimeZone::load("Asia/Shanghai");
  const ImportedMoment imported = parse_import_moment(text, zone, order);
  switch (imported.reading) {
    case DateReading::read:
      return format_moment(imported.moment, zone);
    case DateReading::ambiguous:
      return "ambiguous";
    case DateReading::short_year:
      return "short " + format_moment(imported.moment, zone);
    case DateReading::unreadable:
      break;
  }
  return "unreadable";
}

std::string date_of(std::string_view text, DateOrder order = DateOrder::unknown) {
  const ImportedDate imported = parse_import_date(text, order);
  switch (imported.reading) {
    case DateReading::read:
      return format_date(imported.date);
    case DateReading::ambiguous:
      return "ambiguous";
    case DateReading::short_year:
      return imported.date.ok() ? "short " + format_date(imported.date) : "short";
    case DateReading::unreadable:
      break;
  }
  return "unreadable";
}

}  // namespace

TEST_CASE("dates with the year first, whatever the order") {
  for (const DateOrder order : {DateOrder::unknown, DateOrder::ymd, DateOrder::dmy, DateOrder::mdy}) {
    for (const std::string text :
         {"2026-03-01", "2026/3/1", "2026.3.1", "2026-3-1", "20260301", "2026年3月1日", " 2026年03月01日 ",
          "2026-03-01 00:00", "2026/03/01 00:00:00", "2026年3月1日0时", "2026-03-01T00:00:00+08:00"}) {
      CAPTURE(text);
      CHECK(moment_of(text, order) == "2026-03-01T00:00:00+08:00");
      CHECK(date_of(text, order) == "2026-03-01");
    }
  }
}

TEST_CASE("moments as interfaces of programs give them") {
  CHECK(moment_of("1772327400") == "2026-03-01T09:10:00+08:00");
  CHECK(moment_of("1772327400123") == "2026-03-01T09:10:00+08:00");
  CHECK(moment_of(" 1000000000 ") == "2001-09-09T09:46:40+08:00");
  CHECK(date_of("1772323200000") == "2026-03-01");
  CHECK_MESSAGE(date_of("1772294400000") == "unreadable", "midnight in Beijing: the day before in UTC");
  CHECK(date_of("1772327400") == "unreadable");
  CHECK(moment_of("20260301093015") == "2026-03-01T09:30:15+08:00");
  CHECK(moment_of("202603010930") == "2026-03-01T09:30:00+08:00");
  CHECK(moment_of("Sun Mar 01 2026 09:30:00 GMT+0800 (China Standard Time)") == "2026-03-01T09:30:00+08:00");
  CHECK(moment_of("Sun, 01 Mar 2026 01:30:00 GMT") == "2026-03-01T09:30:00+08:00");
  CHECK(moment_of("Sunday, March 1, 2026 9:30 AM") == "2026-03-01T09:30:00+08:00");
  CHECK(moment_of("Sun, 1 Mar 2026 09:30:00 +0900") == "2026-03-01T08:30:00+08:00");
  CHECK(moment_of("2026年3月1日 星期日 9:30") == "2026-03-01T09:30:00+08:00");
  CHECK(moment_of("2026-03-01（周日）") == "2026-03-01T00:00:00+08:00");
  for (const std::string text : {"13800138000",
                                 "641404800000",
                                 "631112010000",
                                 "2026030109",
                                 "20260230093015",
                                 "202603012430",
                                 "99999999999999",
                                 "17723274001234",
                                 "177232740",
                                 "2772327400",
                                 "-1772327400",
                                 "1772327400.5",
                                 "Sun",
                                 "Sunny 1 Mar 2026",
                                 "2026-03-01 周",
                                 "2026-03-01 周八",
                                 "2026-03-01（周日",
                                 "2026-03-01 09:30 GMT+",
                                 "2026-03-01 09:30 GMT+25",
                                 "2026-03-01 09:30 (China)",
                                 "2026-03-01 09:30 GMT (China"}) {
    CAPTURE(text);
    CHECK(moment_of(text) == "unreadable");
  }
}

TEST_CASE("times of day") {
  CHECK(moment_of("2026/3/1 9:5") == "2026-03-01T09:05:00+08:00");
  CHECK(moment_of("2026-3-1 9:5:3") == "2026-03-01T09:05:03+08:00");
  CHECK(moment_of("2026/3/1 9:5:3 PM") == "2026-03-01T21:05:03+08:00");
  CHECK(moment_of("2026-03-01T09:30") == "2026-03-01T09:30:00+08:00");
  CHECK(moment_of("2026/3/1 9:30") == "2026-03-01T09:30:00+08:00");
  CHECK(moment_of("2026-03-01 09:30:15.123456") == "2026-03-01T09:30:15+08:00");
  CHECK(moment_of("2026-03-01 09:30:15,5") == "2026-03-01T09:30:15+08:00");
  CHECK(moment_of("2026年3月1日9时30分") == "2026-03-01T09:30:00+08:00");
  CHECK(moment_of("2026年3月1日 9时30分15秒") == "2026-03-01T09:30:15+08:00");
  CHECK(moment_of("2026年3月1日 9点") == "2026-03-01T09:00:00+08:00");
  CHECK(moment_of("2026年3月1日 9:30") == "2026-03-01T09:30:00+08:00");
  CHECK(moment_of("3/25/2026 2:15 PM") == "2026-03-25T14:15:00+08:00");
  CHECK(moment_of("2026-03-01 12:00am") == "2026-03-01T00:00:00+08:00");
  CHECK(moment_of("2026-03-01 12:00 p.m.") == "2026-03-01T12:00:00+08:00");
  CHECK(moment_of("2026/3/1 下午2:15") == "2026-03-01T14:15:00+08:00");
  CHECK(moment_of("2026/3/1 上午 9:00:01") == "2026-03-01T09:00:01+08:00");
  CHECK(date_of("1990-05-01 00:00:00") == "1990-05-01");
}

TEST_CASE("offsets") {
  CHECK(moment_of("2026-03-01T01:00:00Z") == "2026-03-01T09:00:00+08:00");
  CHECK(moment_of("2026-03-01t01:00:00z") == "2026-03-01T09:00:00+08:00");
  CHECK(moment_of("2026-03-01T01:00:00.000+0000") == "2026-03-01T09:00:00+08:00");
  CHECK(moment_of("2026-03-01 01:00:00 UTC") == "2026-03-01T09:00:00+08:00");
  CHECK(moment_of("2026-03-01 01:00:00 -0500") == "2026-03-01T14:00:00+08:00");
  CHECK(moment_of("2026-03-01T01:00+05:30") == "2026-03-01T03:30:00+08:00");
  CHECK(moment_of("2026/3/1 1:00 AM +08") == "2026-03-01T01:00:00+08:00");
  CHECK(date_of("2026-03-01T23:00:00-11:00") == "2026-03-01");  // as written
}

TEST_CASE("day and month are never guessed") {
  for (const std::string text : {"03/01/2026", "3.1.2026", "03-01-2026 09:00"}) {
    CAPTURE(text);
    CHECK(date_of(text) == "ambiguous");
    CHECK(moment_of(text) == "ambiguous");
    CHECK(date_of(text, DateOrder::dmy) == "2026-01-03");
    CHECK(date_of(text, DateOrder::mdy) == "2026-03-01");
    CHECK(date_of(text, DateOrder::ymd) == "unreadable");
  }
  CHECK(date_of("25/12/2025") == "2025-12-25");
  CHECK(date_of("25/12/2025", DateOrder::dmy) == "2025-12-25");
  CHECK(date_of("25/12/2025", DateOrder::mdy) == "unreadable");
  CHECK(date_of("12/25/2025") == "2025-12-25");
  CHECK(date_of("12/25/2025", DateOrder::mdy) == "2025-12-25");
  CHECK(date_of("12/25/2025", DateOrder::dmy) == "unreadable");
  CHECK(date_of("5/5/2026") == "2026-05-05");
  CHECK(date_of("5/5/2026", DateOrder::ymd) == "unreadable");
}

TEST_CASE("a year of two digits needs an order, and is told apart") {
  for (const std::string text : {"03/01/26", "3.1.26", "26-03-01", "25/12/25"})
    CHECK(date_of(text) == "short");
  CHECK(date_of("03/01/26", DateOrder::dmy) == "short 2026-01-03");
  CHECK(date_of("03/01/26", DateOrder::mdy) == "short 2026-03-01");
  CHECK(date_of("26-3-1", DateOrder::ymd) == "short 2026-03-01");
  CHECK(date_of("3/1/26", DateOrder::ymd) == "unreadable");
  CHECK(date_of("25/12/25", DateOrder::mdy) == "unreadable");
  CHECK(date_of("01/02/68", DateOrder::dmy) == "short 2068-02-01");
  CHECK(date_of("01/02/69", DateOrder::dmy) == "short 1969-02-01");
  CHECK(date_of("1-Mar-26") == "short 2026-03-01");
  CHECK(moment_of("3/1/26 2:15 PM", DateOrder::mdy) == "short 2026-03-01T14:15:00+08:00");
}

TEST_CASE("nothing rolls over and nothing is left unread") {
  for (const std::string text : {"",
                                 " ",
                                 "-",
                                 "2026",
                                 "2026-03",
                                 "2026-02-30",
                                 "31/02/2026",
                                 "2026年2月30日",
                                 "20260230",
                                 "29/02/2025",
                                 "2026-00-10",
                                 "0/5/2026",
                                 "5/0/2026",
                                 "13/13/2026",
                                 "32/01/2026",
                                 "2026-3-1-",
                                 "2026-03/01",
                                 "3/1-2026",
                                 "3/1/26/",
                                 "26-3/1",
                                 "32/13/26",
                                 "3/1/6",
                                 "12026-03-01",
                                 "2026-03-01 24:00",
                                 "2026-03-01 9:60",
                                 "2026-03-01 9:500",
                                 "2026-03-01 9",
                                 "2026-03-01 13:00 PM",
                                 "2026-03-01 0:00 AM",
                                 "2026-03-01 9:00 xm",
                                 "2026-03-01 上午9:00 PM",
                                 "2026-03-01T09:00+25:00",
                                 "2026-03-01T09:00+08:60",
                                 "2026-03-01T09:00+0",
                                 "2026-03-01+08:00",
                                 "2026-03-01T",
                                 "2026年3月1",
                                 "2026年3月1日时",
                                 "2026年3月1日9时61分",
                                 "46082",
                                 "2026030112000",
                                 "next week",
                                 "03/01/2026x",
                                 "0000-01-01",
                                 "2026-03-01\xFF",
                                 "２０２６-03-01"}) {
    CAPTURE(text);
    CHECK(moment_of(text) == "unreadable");
    CHECK(date_of(text) == "unreadable");
  }
}
