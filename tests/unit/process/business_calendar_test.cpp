// Business hours: exact at the edges, additive, monotone, over breaks, holidays, make-up days and changes of
// the clocks.
#include "process/business_calendar.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "unit/random.h"

using crm::BusinessCalendar;
using crm::Moment;
using crm::TimeZone;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

crm::Date date(const std::string& text) {
  return *crm::parse_iso_date(text);
}

// 09:00-12:00, 13:30-18:00 on weekdays, with the National Day week of 2026 and its make-up Saturday.
BusinessCalendar office() {
  BusinessCalendar calendar;
  for (std::size_t day = 1; day <= 5; ++day)
    calendar.hours[day] = {{hours(9), hours(12)}, {minutes(13 * 60 + 30), hours(18)}};
  calendar.hours[5] = {{hours(9), hours(12)}, {minutes(13 * 60 + 30), hours(17)}};
  calendar.holidays = {{date("2026-10-01"), date("2026-10-07")}};
  calendar.workdays = {{date("2026-10-10"), date("2026-10-10")}};
  return calendar;
}

// Open round the clock where the clocks change, so that gap and fold are inside the hours.
BusinessCalendar nights() {
  BusinessCalendar calendar;
  for (auto& day : calendar.hours) day = {{hours(0), hours(4)}, {hours(20), hours(24)}};
  return calendar;
}

struct Clock {
  BusinessCalendar calendar;
  TimeZone zone;

  Moment at(const std::string& text) const { return crm::parse_when(text, {}, zone); }
  std::string text(Moment moment) const { return crm::format_moment_short(moment, zone); }
  std::string after(const std::string& from, seconds time) const {
    return text(crm::add_business_time(calendar, zone, at(from), time));
  }
  std::string days_after(const std::string& from, int days) const {
    return text(crm::add_business_days(calendar, zone, at(from), days));
  }
  seconds between(const std::string& from, const std::string& to) const {
    return crm::business_time_between(calendar, zone, at(from), at(to));
  }
};

const Clock& shanghai() {
  static const Clock clock{office(), TimeZone::load("Asia/Shanghai")};
  return clock;
}

}  // namespace

TEST_CASE("open hours: the deadline is closing time, not the next opening") {
  const Clock& c = shanghai();
  CHECK(c.after("2026-03-02T09:00", hours(3)) == "2026-03-02 12:00");
  CHECK(c.after("2026-03-02T09:00", hours(3) + seconds(60)) == "2026-03-02 13:31");
  CHECK(c.after("2026-03-02T09:00", minutes(7 * 60 + 30)) == "2026-03-02 18:00");
  CHECK(c.after("2026-03-02T09:00", hours(16)) == "2026-03-04 10:00");
  CHECK(c.after("2026-03-02T12:15", hours(1)) == "2026-03-02 14:30");
  CHECK(c.after("2026-03-02T20:00", hours(1)) == "2026-03-03 10:00");
  CHECK(c.after("2026-03-07T10:00", hours(1)) == "2026-03-09 10:00");
  CHECK(c.after("2026-03-07T10:00", seconds(0)) == "2026-03-07 10:00");
}

TEST_CASE("holidays are skipped, and a make-up Saturday has Friday's hours") {
  const Clock& c = shanghai();
  CHECK(c.after("2026-09-30T17:00", hours(2)) == "2026-10-08 10:00");
  CHECK(c.after("2026-10-09T16:00", hours(2)) == "2026-10-10 10:00");
  CHECK(c.after("2026-10-10T16:00", hours(1)) == "2026-10-10 17:00");
  CHECK(c.after("2026-10-10T16:00", hours(2)) == "2026-10-12 10:00");
  CHECK(c.between("2026-09-30T18:00", "2026-10-08T09:00") == seconds(0));
  CHECK(c.between("2026-10-10T00:00", "2026-10-11T00:00") == minutes(6 * 60 + 30));
}

TEST_CASE("working days keep the wall time, moved back into open hours") {
  const Clock& c = shanghai();
  CHECK(c.days_after("2026-03-02T10:00", 1) == "2026-03-03 10:00");
  CHECK(c.days_after("2026-03-06T10:00", 1) == "2026-03-09 10:00");
  CHECK(c.days_after("2026-03-05T17:30", 1) == "2026-03-06 17:00");  // Friday closes earlier
  CHECK(c.days_after("2026-03-02T12:30", 1) == "2026-03-03 12:00");
  CHECK(c.days_after("2026-03-02T20:00", 1) == "2026-03-03 18:00");
  CHECK(c.days_after("2026-03-07T10:00", 1) == "2026-03-09 17:00");  // a Saturday counts as Friday's close
  CHECK(c.days_after("2026-09-30T10:00", 2) == "2026-10-09 10:00");
  CHECK(c.days_after("2026-10-09T10:00", 1) == "2026-10-10 10:00");
}

TEST_CASE("a change of the clocks within open hours counts as it elapses") {
  const Clock c{nights(), TimeZone::load("America/New_York")};
  // 2026-03-08: 02:00 becomes 03:00; 2026-11-01: 02:00 becomes 01:00.
  CHECK(c.between("2026-03-08T00:00", "2026-03-08T12:00") == hours(3));
  CHECK(c.between("2026-11-01T00:00", "2026-11-01T12:00") == hours(5));
  CHECK(c.after("2026-03-08T00:00", hours(3)) == "2026-03-08 04:00");
  CHECK(c.after("2026-11-01T00:00", hours(3)) == "2026-11-01 02:00");
  CHECK(c.after("2026-11-01T00:00", hours(5)) == "2026-11-01 04:00");
  CHECK(c.days_after("2026-03-07T02:30", 1) == "2026-03-08 03:00");
}

TEST_CASE("property: business time is additive, monotone and inverts its difference") {
  const std::vector<Clock> clocks = {shanghai(),
                                     {office(), TimeZone::load("Europe/Berlin")},
                                     {nights(), TimeZone::load("America/New_York")},
                                     {nights(), TimeZone::load("America/Havana")},
                                     {BusinessCalendar::standard(), TimeZone()}};
  crm::Random random(20260302);
  for (int round = 0; round < 4000; ++round) {
    const Clock& c = clocks[random.below(static_cast<unsigned>(clocks.size()))];
    const Moment from = c.at("2026-01-01T00:00") + seconds(random.below(400 * 86400));
    const seconds a(random.below(60 * 3600));
    const seconds b(random.below(60 * 3600));
    const auto add = [&](Moment moment, seconds time) {
      return crm::add_business_time(c.calendar, c.zone, moment, time);
    };
    const auto between = [&](Moment x, Moment y) {
      return crm::business_time_between(c.calendar, c.zone, x, y);
    };
    CAPTURE(c.zone.name());
    CAPTURE(c.text(from));
    CAPTURE(a.count());
    CAPTURE(b.count());
    CHECK(add(add(from, a), b) == add(from, a + b));
    CHECK(add(from, a) <= add(from, a + seconds(1)));
    CHECK(between(from, add(from, a)) == a);
    if (a > seconds(0)) CHECK(between(from, add(from, a) - seconds(1)) < a);
    const Moment later = from + seconds(random.below(20 * 86400));
    CHECK(add(from, a) <= add(later, a));
    CHECK(between(from, later) + between(later, later + b) == between(from, later + b));
  }
}

TEST_CASE("property: working days are monotone, and always ahead, in open hours") {
  const std::vector<Clock> clocks = {shanghai(),
                                     {BusinessCalendar::standard(), TimeZone::load("Europe/Berlin")}};
  crm::Random random(7);
  for (int round = 0; round < 3000; ++round) {
    const Clock& c = clocks[random.below(2)];
    const Moment from = c.at("2026-01-05T00:00") + seconds(random.below(340 * 86400));
    const Moment later = from + seconds(random.below(5 * 86400));
    const int days = random.between(1, 30);
    const Moment due = crm::add_business_days(c.calendar, c.zone, from, days);
    CAPTURE(c.text(from));
    CAPTURE(c.text(later));
    CAPTURE(days);
    CHECK(due > from);
    CHECK(due <= crm::add_business_days(c.calendar, c.zone, later, days));
    CHECK(crm::back_into_open_hours(c.calendar, c.zone, due) == due);
  }
}

TEST_CASE("a dwell limit in each of its units") {
  const Clock& c = shanghai();
  const auto due = [&](const char* text) {
    return c.text(crm::add_dwell(c.calendar, c.zone, c.at("2026-03-06T16:30"), *crm::parse_dwell(text)));
  };
  CHECK(due("30m") == "2026-03-06 17:00");
  CHECK(due("24h") == "2026-03-07 16:30");
  CHECK(due("3d") == "2026-03-09 16:30");
  CHECK(due("2w") == "2026-03-20 16:30");
  CHECK(due("2h business") == "2026-03-09 10:30");
  CHECK(due("2d business") == "2026-03-10 16:30");
}
