// The dates and durations of the command line.
#include <algorithm>
#include <array>
#include <limits>

#include "base/calendar.h"
#include "base/text.h"
#include "base/written_time.h"
#include "crm/error.h"
#include "crm/time.h"

namespace crm {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::sys_days;

// A number of a unit of time, such as the 3d of "+3d".
struct Length {
  std::int64_t count = 0;
  char unit = '\0';
};

std::optional<Length> parse_length(std::string_view text) {
  constexpr std::size_t kMostDigits = 9;
  TimeScanner scanner(text);
  const std::optional<int> count = scanner.number(1, kMostDigits);
  if (!count || scanner.rest().size() != 1) return std::nullopt;
  return Length{*count, scanner.rest().front()};
}

struct NearDay {
  std::string_view en, zh;
  days ahead;
};
constexpr std::array<NearDay, 4> kNearDays = {{{"today", "今天", days(0)},
                                               {"tomorrow", "明天", days(1)},
                                               {"yesterday", "昨天", days(-1)},
                                               {"", "后天", days(2)}}};
constexpr std::array<std::array<std::string_view, 4>, 7> kWeekdays = {
    {{"sun", "sunday", "周日", "星期日"},
     {"mon", "monday", "周一", "星期一"},
     {"tue", "tuesday", "周二", "星期二"},
     {"wed", "wednesday", "周三", "星期三"},
     {"thu", "thursday", "周四", "星期四"},
     {"fri", "friday", "周五", "星期五"},
     {"sat", "saturday", "周六", "星期六"}}};

// What the words are relative to: now, the day that it is in the zone, and how a day alone is meant.
class When {
 public:
  When(Moment now, const TimeZone& zone, DayEdge edge)
      : now_(now), zone_(zone), edge_(edge), local_(zone.to_local(now)), today_(local_.date) {}

  std::optional<Moment> read(std::string_view text) const {
    if (const std::optional<WrittenTime> written = parse_iso_time(text)) return of_iso(*written);
    const std::string word = ascii_lower(text);
    if (word == "now") return now_;
    if (word.starts_with('+')) return relative(std::string_view(word).substr(1), 1);
    if (word.starts_with('-')) return relative(std::string_view(word).substr(1), -1);
    if (const std::optional<sys_days> day = day_of(word)) return whole_day(*day);
    if (const std::optional<Moment> end = end_of_period(word)) return end;
    if (const std::optional<seconds> time = time_of(word)) return at(today_, *time);
    return day_and_time(word);
  }

 private:
  Moment at(sys_days day, seconds time) const { return zone_.to_moment({Date(day), time}); }
  Moment whole_day(sys_days day) const {
    return at(edge_ == DayEdge::start ? day : day + days(1), seconds(0));
  }
  Moment last_second(sys_days day) const {
    return edge_ == DayEdge::end ? whole_day(day) : at(day, hours(24) - seconds(1));
  }

  Moment of_iso(const WrittenTime& written) const {
    return written.time_of_day ? moment_of(written, zone_) : whole_day(written.date);
  }

  std::optional<Moment> relative(std::string_view text, int sign) const {
    const std::optional<Length> length = parse_length(text);
    if (!length) return std::nullopt;
    const std::int64_t count = sign * length->count;
    switch (length->unit) {
      case 'm':
        return checked(now_ + minutes(count));
      case 'h':
        return checked(now_ + hours(count));
      case 'd':
        return days_from_now(count);
      case 'w':
        return days_from_now(7 * count);
      default:
        return std::nullopt;
    }
  }

  std::optional<Moment> days_from_now(std::int64_t count) const {
    if (!checked(now_ + seconds(count * 86400))) return std::nullopt;
    return at(today_ + days(count), local_.time_of_day);
  }

  static std::optional<Moment> checked(Moment moment) {
    if (!is_in_calendar(moment)) return std::nullopt;
    return moment;
  }

  std::optional<sys_days> day_of(std::string_view word) const {
    if (const std::optional<WrittenTime> written = parse_iso_time(word))
      return written->time_of_day ? std::nullopt : std::optional(sys_days(written->date));
    if (const std::optional<sys_days> date = slashed_date(word)) return date;
    const auto* const near = std::find_if(kNearDays.begin(), kNearDays.end(), [word](const NearDay& day) {
      return word == day.zh || (!word.empty() && word == day.en);
    });
    if (near != kNearDays.end()) return today_ + near->ahead;
    for (unsigned weekday = 0; weekday < kWeekdays.size(); ++weekday) {
      const auto& names = kWeekdays[weekday];
      if (std::find(names.begin(), names.end(), word) == names.end()) continue;
      const days ahead = std::chrono::weekday(weekday) - std::chrono::weekday(today_);
      return today_ + (ahead == days(0) ? days(7) : ahead);
    }
    return std::nullopt;
  }

  // "2026/3/1": the year first, so that nothing is to be guessed.
  static std::optional<sys_days> slashed_date(std::string_view word) {
    TimeScanner scanner(word);
    const std::optional<int> year = scanner.number(4, 4);
    if (!year || !scanner.take("/")) return std::nullopt;
    const std::optional<int> month = scanner.number(1, 2);
    if (!month || !scanner.take("/")) return std::nullopt;
    const std::optional<int> day = scanner.number(1, 2);
    if (!day || !scanner.at_end()) return std::nullopt;
    const Date date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                    std::chrono::day(static_cast<unsigned>(*day))};
    return date.ok() ? std::optional(sys_days(date)) : std::nullopt;
  }

  // "tomorrow 15:00".
  std::optional<Moment> day_and_time(std::string_view word) const {
    const std::size_t space = word.rfind(' ');
    if (space == std::string_view::npos) return std::nullopt;
    const std::optional<sys_days> day = day_of(trimmed(word.substr(0, space)));
    const std::optional<seconds> time = time_of(word.substr(space + 1));
    return day && time ? std::optional(at(*day, *time)) : std::nullopt;
  }

  std::optional<Moment> end_of_period(std::string_view word) const {
    using std::chrono::last;
    using std::chrono::month;
    const std::chrono::year year = local_.date.year();
    const auto number = static_cast<unsigned>(local_.date.month());
    if (word == "eow") return last_second(today_ + (std::chrono::Sunday - std::chrono::weekday(today_)));
    if (word == "eom") return last_second(year / local_.date.month() / last);
    if (word == "eoq") return last_second(year / month((number + 2) / 3 * 3) / last);
    if (word == "eoy") return last_second(year / 12 / 31);
    return std::nullopt;
  }

  static std::optional<seconds> time_of(std::string_view word) {
    TimeScanner scanner(word);
    const std::optional<int> hour = scanner.number(1, 2);
    if (!hour || *hour > 23) return std::nullopt;
    const std::optional<seconds> after_hour = scanner.minutes_after_hour();
    if (!after_hour || !scanner.at_end()) return std::nullopt;
    return hours(*hour) + *after_hour;
  }

  Moment now_;
  const TimeZone& zone_;
  DayEdge edge_;
  LocalTime local_;
  sys_days today_;
};

}  // namespace

Moment parse_when(std::string_view text, Moment now, const TimeZone& zone, DayEdge edge) {
  if (const std::optional<Moment> moment = When(now, zone, edge).read(trimmed(text))) return *moment;
  throw Error(ErrorCode::invalid, quoted(text) + " is not a date or time",
              "write 2026-03-01, 2026-03-01T09:00 (with +08:00 or Z if you like), 09:00, now, today, "
              "tomorrow, yesterday, "
              "mon to sun, 'tomorrow 15:00', 明天, +3d, -2w, +4h, +30m, eow, eom, eoq or eoy");
}

std::optional<seconds> parse_duration(std::string_view text) {
  const std::optional<Length> length = parse_length(text);
  if (!length || (length->count == 0 && text != "0d")) return std::nullopt;
  switch (length->unit) {
    case 's':
      return seconds(length->count);
    case 'm':
      return minutes(length->count);
    case 'h':
      return hours(length->count);
    case 'd':
      return days(length->count);
    case 'w':
      return days(7 * length->count);
    default:
      return std::nullopt;
  }
}

}  // namespace crm
