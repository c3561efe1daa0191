#include "base/written_time.h"

#include "base/calendar.h"
#include "base/digits.h"
#include "base/text.h"

namespace crm {
namespace {

using std::chrono::seconds;

// The value of two digits, or 100 where they are none.
unsigned two_digits(std::string_view text, std::size_t at) {
  const auto tens = static_cast<unsigned>(text[at] - '0');
  const auto ones = static_cast<unsigned>(text[at + 1] - '0');
  return tens > 9 || ones > 9 ? 100 : tens * 10 + ones;
}

}  // namespace

bool TimeScanner::take(std::string_view text) {
  if (!rest_.starts_with(text)) return false;
  rest_.remove_prefix(text.size());
  return true;
}

bool TimeScanner::take_ignoring_case(std::string_view text) {
  if (!equals_ignoring_case(rest_.substr(0, text.size()), text)) return false;
  rest_.remove_prefix(text.size());
  return true;
}

void TimeScanner::skip_spaces() {
  while (take(" ")) {
  }
}

std::size_t TimeScanner::digits_ahead() const {
  std::size_t count = 0;
  while (count < rest_.size() && is_digit(rest_[count])) ++count;
  return count;
}

std::optional<int> TimeScanner::number(std::size_t least, std::size_t most) {
  const std::size_t count = digits_ahead();
  if (count < least || count > most) return std::nullopt;
  int value = 0;
  for (std::size_t i = 0; i < count; ++i) value = value * 10 + (rest_[i] - '0');
  rest_.remove_prefix(count);
  return value;
}

std::optional<seconds> TimeScanner::minutes_after_hour(std::size_t least) {
  if (!take(":")) return std::nullopt;
  const std::optional<int> minute = number(least, 2);
  if (!minute || *minute > 59) return std::nullopt;
  if (!take(":")) return seconds(*minute * 60);
  const std::optional<int> second = number(least, 2);
  if (!second || *second > 59) return std::nullopt;
  if (!skip_fraction()) return std::nullopt;
  return seconds(*minute * 60 + *second);
}

bool TimeScanner::skip_fraction() {
  constexpr std::size_t kMostDigits = 9;
  if (!take(".") && !take(",")) return true;
  const std::size_t digits = digits_ahead();
  rest_.remove_prefix(digits);
  return digits >= 1 && digits <= kMostDigits;
}

std::optional<seconds> TimeScanner::offset() {
  if (take_ignoring_case("z")) return seconds(0);
  if (!rest_.starts_with('+') && !rest_.starts_with('-')) return std::nullopt;
  broken_ = true;
  const int sign = rest_.front() == '-' ? -1 : 1;
  rest_.remove_prefix(1);
  const std::size_t digits = digits_ahead();
  if (digits != 2 && digits != 4) return std::nullopt;
  const unsigned hours = two_digits(rest_, 0);
  unsigned minutes = digits == 4 ? two_digits(rest_, 2) : 0;
  rest_.remove_prefix(digits);
  if (digits == 2 && take(":")) {
    if (digits_ahead() != 2) return std::nullopt;
    minutes = two_digits(rest_, 0);
    rest_.remove_prefix(2);
  }
  if (hours > 23 || minutes > 59) return std::nullopt;
  broken_ = false;
  return seconds(sign * static_cast<int>(hours * 3600 + minutes * 60));
}

std::optional<Date> date_of(int year, int month, int day) {
  if (year < 1 || year > 9999 || month < 1 || day < 1) return std::nullopt;
  const Date date(std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                  std::chrono::day(static_cast<unsigned>(day)));
  if (!date.ok()) return std::nullopt;
  return date;
}

std::optional<Date> parse_iso_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const unsigned century = two_digits(text, 0);
  const unsigned year = two_digits(text, 2);
  const unsigned month = two_digits(text, 5);
  const unsigned day = two_digits(text, 8);
  if (century > 99 || year > 99 || month > 12 || day > 31) return std::nullopt;
  return date_of(static_cast<int>(century * 100 + year), static_cast<int>(month), static_cast<int>(day));
}

std::optional<WrittenTime> parse_iso_time(std::string_view text) {
  const std::optional<Date> date = parse_iso_date(text.substr(0, 10));
  if (!date) return std::nullopt;
  WrittenTime written{*date, {}, {}};
  if (text.size() == 10) return written;
  if (text.size() < 16 || (text[10] != 'T' && text[10] != 't' && text[10] != ' ') || text[13] != ':')
    return std::nullopt;
  const bool has_second = text.size() >= 19 && text[16] == ':';
  const unsigned hour = two_digits(text, 11);
  const unsigned minute = two_digits(text, 14);
  const unsigned second = has_second ? two_digits(text, 17) : 0;
  if (hour > 23 || minute > 59 || second > 59) return std::nullopt;
  written.time_of_day = seconds(hour * 3600 + minute * 60 + second);
  TimeScanner scanner(text.substr(has_second ? 19 : 16));
  if (has_second && !scanner.skip_fraction()) return std::nullopt;
  if (!scanner.at_end()) written.offset = scanner.offset();
  if (!scanner.at_end() || scanner.broken()) return std::nullopt;
  return written;
}

Moment moment_of(const WrittenTime& written, const TimeZone& zone) {
  const seconds time_of_day = written.time_of_day.value_or(seconds(0));
  if (written.offset) return std::chrono::sys_days(written.date) + time_of_day - *written.offset;
  return zone.to_moment({written.date, time_of_day});
}

}  // namespace crm
