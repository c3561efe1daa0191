#include "base/posix_zone.h"

#include "base/digits.h"

namespace crm {
namespace {

using std::chrono::days;
using std::chrono::seconds;

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// Reads the text from front to back; each part gives nothing (or false) where it is not as it should be.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  bool at_end() const { return rest_.empty(); }
  bool next_is(char c) const { return !rest_.empty() && rest_.front() == c; }
  bool take(char c) {
    if (!next_is(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  // The abbreviation: three letters or more, or anything in <>.
  bool skip_name() {
    std::size_t size = 0;
    if (take('<')) {
      size = rest_.find('>');
      if (size == std::string_view::npos) return false;
      rest_.remove_prefix(size + 1);
      return true;
    }
    while (size < rest_.size() && is_letter(rest_[size])) ++size;
    rest_.remove_prefix(size);
    return size >= 3;
  }

  std::optional<int> number(int least, int most) {
    if (rest_.empty() || !is_digit(rest_.front())) return std::nullopt;
    int value = 0;
    while (!rest_.empty() && is_digit(rest_.front()) && value <= most) {
      value = value * 10 + (rest_.front() - '0');
      rest_.remove_prefix(1);
    }
    if (value < least || value > most) return std::nullopt;
    return value;
  }

  // [+-]h[h][h][:mm[:ss]]
  std::optional<seconds> time(int most_hours) {
    const int sign = take('-') ? -1 : 1;
    if (sign > 0) take('+');
    const std::optional<int> hours = number(0, most_hours);
    if (!hours) return std::nullopt;
    int total = *hours * 3600;
    for (const int unit : {60, 1}) {
      if (!take(':')) break;
      const std::optional<int> part = number(0, 59);
      if (!part) return std::nullopt;
      total += *part * unit;
    }
    return seconds(sign * total);
  }

  std::optional<PosixZone::Switch> day_and_time() {
    PosixZone::Switch result;
    std::optional<int> day;
    if (take('M')) {
      const std::optional<int> month = number(1, 12);
      if (!month || !take('.')) return std::nullopt;
      const std::optional<int> week = number(1, 5);
      if (!week || !take('.')) return std::nullopt;
      day = number(0, 6);
      result.month = *month;
      result.week = *week;
    } else if (take('J')) {
      result.form = PosixZone::Switch::Form::julian_without_leap_day;
      day = number(1, 365);
    } else {
      result.form = PosixZone::Switch::Form::day_of_year;
      day = number(0, 365);
    }
    if (!day) return std::nullopt;
    result.day = *day;
    if (take('/')) {
      const std::optional<seconds> at = time(167);
      if (!at) return std::nullopt;
      result.time = *at;
    }
    return result;
  }

 private:
  std::string_view rest_;
};

std::chrono::sys_days day_in(const PosixZone::Switch& at, std::chrono::year year) {
  using Form = PosixZone::Switch::Form;
  const std::chrono::sys_days first(year / 1 / 1);
  switch (at.form) {
    case Form::julian_without_leap_day:
      return first + days(at.day - 1 + (year.is_leap() && at.day >= 60 ? 1 : 0));
    case Form::day_of_year:
      return first + days(at.day);
    case Form::weekday_of_month:
      break;
  }
  const std::chrono::year_month month = year / at.month;
  const std::chrono::weekday weekday(static_cast<unsigned>(at.day));
  if (at.week == 5) return std::chrono::sys_days(month / weekday[std::chrono::last]);
  return std::chrono::sys_days(month / weekday[static_cast<unsigned>(at.week)]);
}

}  // namespace

Moment PosixZone::start_in(std::chrono::year year) const {
  return day_in(daylight_start, year) + daylight_start.time - standard_offset;
}

Moment PosixZone::end_in(std::chrono::year year) const {
  return day_in(daylight_end, year) + daylight_end.time - daylight_offset;
}

std::optional<PosixZone> parse_posix_zone(std::string_view text) {
  constexpr int kMostHours = 24;
  Reader reader(text);
  PosixZone zone;
  if (!reader.skip_name()) return std::nullopt;
  const std::optional<seconds> standard = reader.time(kMostHours);
  if (!standard) return std::nullopt;
  zone.standard_offset = -*standard;
  if (reader.at_end()) return zone;

  zone.has_daylight = true;
  zone.daylight_offset = zone.standard_offset + std::chrono::hours(1);
  if (!reader.skip_name()) return std::nullopt;
  if (!reader.next_is(',')) {
    const std::optional<seconds> daylight = reader.time(kMostHours);
    if (!daylight) return std::nullopt;
    zone.daylight_offset = -*daylight;
  }
  if (!reader.take(',')) return std::nullopt;
  const std::optional<PosixZone::Switch> start = reader.day_and_time();
  if (!start || !reader.take(',')) return std::nullopt;
  const std::optional<PosixZone::Switch> end = reader.day_and_time();
  if (!end || !reader.at_end()) return std::nullopt;
  zone.daylight_start = *start;
  zone.daylight_end = *end;
  return zone;
}

}  // namespace crm
