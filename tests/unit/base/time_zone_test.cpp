#include <doctest/doctest.h>

#include <cstdlib>
#include <ctime>
#include <thread>

#include "base/posix_zone.h"
#include "base/zone_file.h"
#include "crm/error.h"
#include "crm/time.h"
#include "unit/random.h"

using namespace crm;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

Moment at(std::int64_t unix_seconds) {
  return Moment(seconds(unix_seconds));
}

LocalTime wall(int year, unsigned month, unsigned day, hours hour, minutes minute) {
  return {Date(std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)), hour + minute};
}

std::string shown(const LocalTime& local, const TimeZone& zone) {
  return format_moment(zone.to_moment(local), zone);
}

// The C library's zone for as long as it lives.
class SystemZone {
 public:
  explicit SystemZone(const char* name) {
    if (const char* const before = std::getenv("TZ")) before_ = before;
    setenv("TZ", name, 1);
    tzset();
  }
  ~SystemZone() {
    if (before_) {
      setenv("TZ", before_->c_str(), 1);
    } else {
      unsetenv("TZ");
    }
    tzset();
  }
  SystemZone(const SystemZone&) = delete;
  SystemZone& operator=(const SystemZone&) = delete;

  static std::int64_t offset_at(std::int64_t moment) {
    const std::time_t time = moment;
    std::tm local{};
    localtime_r(&time, &local);
    return local.tm_gmtoff;
  }

 private:
  std::optional<std::string> before_;
};

}  // namespace

TEST_CASE("a wall time in a gap is the first instant after it, in a fold the first of two") {
  const TimeZone new_york = TimeZone::load("America/New_York");
  CHECK(shown(wall(2026, 3, 8, hours(1), minutes(59)), new_york) == "2026-03-08T01:59:00-05:00");
  CHECK(shown(wall(2026, 3, 8, hours(2), minutes(0)), new_york) == "2026-03-08T03:00:00-04:00");
  CHECK(shown(wall(2026, 3, 8, hours(2), minutes(30)), new_york) == "2026-03-08T03:00:00-04:00");
  CHECK(shown(wall(2026, 3, 8, hours(3), minutes(0)), new_york) == "2026-03-08T03:00:00-04:00");
  CHECK(shown(wall(2026, 11, 1, hours(0), minutes(59)), new_york) == "2026-11-01T00:59:00-04:00");
  CHECK(shown(wall(2026, 11, 1, hours(1), minutes(30)), new_york) == "2026-11-01T01:30:00-04:00");
  CHECK(shown(wall(2026, 11, 1, hours(2), minutes(0)), new_york) == "2026-11-01T02:00:00-05:00");

  // Samoa left out the whole of 2011-12-30.
  const TimeZone apia = TimeZone::load("Pacific/Apia");
  CHECK(shown(wall(2011, 12, 30, hours(12), minutes(0)), apia) == "2011-12-31T00:00:00+14:00");
}

TEST_CASE("Shanghai had daylight time from 1986 to 1991") {
  const TimeZone shanghai = TimeZone::load("Asia/Shanghai");
  for (int year = 1980; year <= 2030; ++year) {
    CAPTURE(year);
    const Moment july = shanghai.to_moment(wall(year, 7, 1, hours(12), minutes(0)));
    CHECK(shanghai.offset_at(july) == (year >= 1986 && year <= 1991 ? hours(9) : hours(8)));
    const Moment january = shanghai.to_moment(wall(year, 1, 1, hours(12), minutes(0)));
    CHECK(shanghai.offset_at(january) == hours(8));
  }
}

TEST_CASE("years after the table go by the footer's rule") {
  const TimeZone new_york = TimeZone::load("America/New_York");
  CHECK(shown(wall(2450, 7, 1, hours(0), minutes(0)), new_york) == "2450-07-01T00:00:00-04:00");
  CHECK(shown(wall(9999, 1, 1, hours(0), minutes(0)), new_york) == "9999-01-01T00:00:00-05:00");
  CHECK(shown(wall(9999, 7, 1, hours(0), minutes(0)), new_york) == "9999-07-01T00:00:00-04:00");
  const TimeZone sydney = TimeZone::load("Australia/Sydney");
  CHECK(shown(wall(2026, 1, 1, hours(0), minutes(0)), sydney) == "2026-01-01T00:00:00+11:00");
  CHECK(shown(wall(2999, 1, 1, hours(0), minutes(0)), sydney) == "2999-01-01T00:00:00+11:00");
  CHECK(shown(wall(2999, 7, 1, hours(0), minutes(0)), sydney) == "2999-07-01T00:00:00+10:00");
  const TimeZone dublin = TimeZone::load("Europe/Dublin");
  CHECK(shown(wall(2600, 7, 1, hours(0), minutes(0)), dublin) == "2600-07-01T00:00:00+01:00");
  CHECK(shown(wall(2600, 1, 1, hours(0), minutes(0)), dublin) == "2600-01-01T00:00:00Z");
}

TEST_CASE("offsets are those of the C library") {
  Random random(2026);
  for (const char* name :
       {"America/New_York", "America/Sao_Paulo", "America/St_Johns",    "America/Los_Angeles",
        "Europe/London",    "Europe/Dublin",     "Europe/Moscow",       "Africa/Casablanca",
        "Africa/Cairo",     "Asia/Shanghai",     "Asia/Kolkata",        "Asia/Tehran",
        "Asia/Jerusalem",   "Australia/Sydney",  "Australia/Lord_Howe", "Pacific/Apia",
        "Pacific/Chatham",  "Antarctica/Troll",  "Asia/Gaza",           "America/Nuuk"}) {
    CAPTURE(name);
    const TimeZone zone = TimeZone::load(name);
    const SystemZone system(name);
    for (int i = 0; i < 4'000; ++i) {
      // From 1801 to 3236, and often from 1970 to 2096.
      const std::int64_t moment = random.one_in(2)
                                      ? random.between<std::int64_t>(0, 4'000'000'000)
                                      : random.between<std::int64_t>(-5'333'000'000, 40'000'000'000);
      CAPTURE(moment);
      REQUIRE(zone.offset_at(at(moment)).count() == SystemZone::offset_at(moment));
    }
  }
}

TEST_CASE("offsets around every change are those of the C library, and wall times come back") {
  for (const char* name : {"America/New_York", "Europe/Dublin", "Africa/Casablanca", "Australia/Lord_Howe"}) {
    CAPTURE(name);
    const TimeZone zone = TimeZone::load(name);
    const SystemZone system(name);
    for (std::int64_t hour = 0; hour < 140 * 8766; ++hour) {
      const std::int64_t moment = hour * 3600;
      if (zone.offset_at(at(moment)) == zone.offset_at(at(moment + 3600))) continue;
      for (std::int64_t near = moment - 7200; near <= moment + 10'800; near += 900) {
        CAPTURE(near);
        REQUIRE(zone.offset_at(at(near)).count() == SystemZone::offset_at(near));
        const Moment back = zone.to_moment(zone.to_local(at(near)));
        // The second reading of a fold comes back as the first.
        REQUIRE(back <= at(near));
        REQUIRE(format_moment_short(back, zone) == format_moment_short(at(near), zone));
      }
    }
  }
}

TEST_CASE("extreme moments do no harm") {
  const TimeZone zone = TimeZone::load("Europe/Berlin");
  for (const std::int64_t moment : {INT64_MIN, INT64_MIN + 1, INT64_MAX - 1, INT64_MAX}) {
    zone.to_local(at(moment));
    CHECK(format_moment(at(moment), zone).size() == 25);
    CHECK(format_moment_short(at(moment), zone).size() == 16);
  }
}

TEST_CASE("names of zones") {
  CHECK(TimeZone().name() == "UTC");
  CHECK(TimeZone::load("UTC").offset_at(at(0)) == seconds(0));
  CHECK(TimeZone::load("Asia/Shanghai").name() == "Asia/Shanghai");
  for (const std::string bad : {"", "/etc/passwd", "../../etc/passwd", "Asia/../Asia/Shanghai", "Asia/",
                                "Asia", "zone.tab", "Asia//Shanghai", "Nowhere/Here", "a\nb", "CST-8"}) {
    CAPTURE(bad);
    CHECK_THROWS_AS(TimeZone::load(bad), Error);
  }
  const auto hint_for = [](const char* name) {
    try {
      TimeZone::load(name);
    } catch (const Error& error) {
      return error.hint();
    }
    return std::string();
  };
  CHECK(hint_for("Asia/Shangahi") == "did you mean 'Asia/Shanghai'?");
  CHECK(hint_for("shanghai") == "did you mean 'Asia/Shanghai'?");
  CHECK(hint_for("new york") == "did you mean 'America/New_York'?");
}

TEST_CASE("the system's zone") {
  CHECK(system_time_zone("Europe/Paris").name() == "Europe/Paris");
  CHECK(system_time_zone(":Europe/Paris").name() == "Europe/Paris");
  CHECK(system_time_zone("/usr/share/zoneinfo/Europe/Paris").name() == "Europe/Paris");
  CHECK(system_time_zone("").name() == "UTC");
  CHECK(system_time_zone("UTC0").name() == "UTC");
  CHECK(system_time_zone("CST-8").offset_at(at(0)) == hours(8));
  CHECK(system_time_zone("<-03>3").offset_at(at(0)) == hours(-3));
  CHECK(system_time_zone("no such zone").name() == system_time_zone(nullptr).name());
}

TEST_CASE("one zone serves many threads") {
  const TimeZone zone = TimeZone::load("America/New_York");
  const auto sum = [&zone](std::uint64_t seed) {
    Random random(seed);
    std::int64_t total = 0;
    for (int i = 0; i < 50'000; ++i)
      total += zone.offset_at(at(random.between<std::int64_t>(0, 4'000'000'000))).count();
    return total;
  };
  std::int64_t totals[4] = {};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&totals, &sum, i] { totals[i] = sum(static_cast<std::uint64_t>(i)); });
  for (std::thread& thread : threads) thread.join();
  for (int i = 0; i < 4; ++i) CHECK(totals[i] == sum(static_cast<std::uint64_t>(i)));
}

TEST_CASE("POSIX rules") {
  const std::optional<PosixZone> eastern = parse_posix_zone("EST5EDT,M3.2.0,M11.1.0");
  REQUIRE(eastern);
  CHECK(eastern->standard_offset == hours(-5));
  CHECK(eastern->daylight_offset == hours(-4));
  CHECK(format_moment(eastern->start_in(std::chrono::year(2026)), TimeZone()) == "2026-03-08T07:00:00Z");
  CHECK(format_moment(eastern->end_in(std::chrono::year(2026)), TimeZone()) == "2026-11-01T06:00:00Z");

  const std::optional<PosixZone> gaza = parse_posix_zone("EET-2EEST,M3.4.4/50,M10.4.4/50");
  REQUIRE(gaza);
  CHECK(format_moment(gaza->start_in(std::chrono::year(2025)), TimeZone()) == "2025-03-29T00:00:00Z");

  const std::optional<PosixZone> days = parse_posix_zone("<+0330>-3:30<+0430>,J79/24,J263/-1:30:15");
  REQUIRE(days);
  CHECK(days->standard_offset == hours(3) + minutes(30));
  CHECK(format_moment(days->start_in(std::chrono::year(2024)), TimeZone()) == "2024-03-20T20:30:00Z");
  CHECK(format_moment(days->start_in(std::chrono::year(2023)), TimeZone()) == "2023-03-20T20:30:00Z");
  CHECK(format_moment(days->end_in(std::chrono::year(2023)), TimeZone()) == "2023-09-19T17:59:45Z");

  CHECK(parse_posix_zone("CST-8")->standard_offset == hours(8));
  CHECK_FALSE(parse_posix_zone("CST-8")->has_daylight);
  for (const std::string bad :
       {"", "C-8", "CST", "CST25", "CST-8x", "EST5EDT", "EST5EDT,M13.1.0,M11.1.0", "EST5EDT,M3.2.7,M11.1.0",
        "EST5EDT,M3.2.0", "EST5EDT,M3.2.0,M11.1.0/168", "EST5EDT,J0,J1", "EST5EDT,366,1", "<A", "<A>"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_posix_zone(bad));
  }
}

TEST_CASE("broken zone files are refused") {
  CHECK_FALSE(parse_zone_file(""));
  CHECK_FALSE(parse_zone_file("TZif2"));
  std::string header = "TZif2";
  header.resize(44);
  CHECK_FALSE(parse_zone_file(header));
  // One type, no transitions, twice; then the footer.
  header[39] = 1;
  header[43] = 4;
  const std::string block = header + std::string("\0\0\x0E\x10\0\0", 6) + std::string("CET\0", 4);
  const std::optional<ZoneTable> fixed = parse_zone_file(block + block + "\nCET-1\n");
  REQUIRE(fixed);
  CHECK(fixed->offsets == std::vector<std::int32_t>{3600});
  const std::string whole = block + block + "\nCET-1CEST,M3.5.0,M10.5.0/3\n";
  REQUIRE(parse_zone_file(whole));
  CHECK(parse_zone_file(whole)->cycle > 0);
  for (std::size_t size = 0; size < whole.size(); ++size)
    CHECK_FALSE(parse_zone_file(std::string_view(whole).substr(0, size)));
  CHECK_FALSE(parse_zone_file(block + block + "\nnonsense\n"));

  Random random(1);
  for (int i = 0; i < 3'000; ++i) {
    std::string damaged = whole;
    for (unsigned changes = 1 + random.below(3); changes > 0; --changes) {
      damaged[random.below(static_cast<unsigned>(damaged.size()))] = static_cast<char>(random.below(256));
    }
    parse_zone_file(damaged);  // anything but a crash
  }
}
