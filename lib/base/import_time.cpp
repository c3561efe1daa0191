// Dates as other systems write them.
#include <array>

#include "base/calendar.h"
#include "base/digits.h"
#include "base/import_day.h"
#include "base/text.h"
#include "base/written_time.h"
#include "crm/time.h"

namespace crm {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

struct Reading {
  DateReading outcome = DateReading::unreadable;
  WrittenTime written{};

  bool has_date() const {
    return outcome == DateReading::read || (outcome == DateReading::short_year && written.date.ok());
  }
};

constexpr std::array<std::string_view, 3> kSeparators = {"-", "/", "."};

// "M-D" or "M月D日" after a year.
std::optional<Date> month_and_day(TimeScanner& scanner, int year) {
  std::string_view between;
  std::string_view end;
  if (scanner.take("年")) {
    between = "月";
    end = "日";
  } else {
    for (const std::string_view separator : kSeparators) {
      if (!between.empty() || !scanner.take(separator)) continue;
      between = separator;
    }
    if (between.empty()) return std::nullopt;
  }
  scanner.skip_spaces();
  const std::optional<int> month = scanner.number(1, 2);
  if (!month || !scanner.take(between)) return std::nullopt;
  const std::optional<int> day = scanner.number(1, 2);
  if (!day || (!end.empty() && !scanner.take(end))) return std::nullopt;
  return date_of(year, *month, *day);
}

// Whether the day stands first; nothing where that is not known.
std::optional<bool> day_stands_first(int first, int second, DateOrder order) {
  if (order == DateOrder::dmy) return true;
  if (order == DateOrder::mdy) return false;
  if (first > 12) return true;
  if (second > 12 || first == second) return false;
  return std::nullopt;
}

struct Digits {
  int number = 0;
  std::size_t count = 0;
};

std::optional<Digits> one_or_two_digits(TimeScanner& scanner) {
  const std::size_t count = scanner.digits_ahead();
  const std::optional<int> number = scanner.number(1, 2);
  return number ? std::optional(Digits{*number, count}) : std::nullopt;
}

int full_year(int year) {
  return year + (year < 69 ? 2000 : 1900);
}

// "25/12/25" or "25-12-01". Without an order the date stays open.
Reading date_with_short_year(Digits first, Digits second, Digits last, DateOrder order) {
  const auto as = [&](DateOrder read) -> std::optional<Date> {
    const bool year_first = read == DateOrder::ymd;
    if ((year_first ? first : last).count != 2) return std::nullopt;
    if (year_first) return date_of(full_year(first.number), second.number, last.number);
    const bool day_first = read == DateOrder::dmy;
    return date_of(full_year(last.number), day_first ? second.number : first.number,
                   day_first ? first.number : second.number);
  };
  if (order == DateOrder::unknown) {
    const bool possible = as(DateOrder::dmy) || as(DateOrder::mdy) || as(DateOrder::ymd);
    return {possible ? DateReading::short_year : DateReading::unreadable, {}};
  }
  const std::optional<Date> date = as(order);
  if (!date) return {};
  return {DateReading::short_year, {*date, {}, {}}};
}

// "25/12/2025", of which the first number is not taken yet.
Reading date_with_year_last(TimeScanner& scanner, DateOrder order) {
  const std::optional<Digits> start = one_or_two_digits(scanner);
  if (!start) return {};
  std::string_view separator;
  for (const std::string_view each : kSeparators) {
    if (scanner.rest().starts_with(each)) separator = each;
  }
  if (separator.empty()) return {};
  scanner.take(separator);
  const std::optional<Digits> middle = one_or_two_digits(scanner);
  if (!middle || !scanner.take(separator)) return {};
  if (const std::optional<Digits> last = one_or_two_digits(scanner))
    return date_with_short_year(*start, *middle, *last, order);
  if (order == DateOrder::ymd) return {};
  const int first = start->number;
  const int second = middle->number;
  const std::optional<int> year = scanner.number(4, 4);
  if (!year) return {};
  const std::optional<bool> day_first = day_stands_first(first, second, order);
  const bool either = !day_first && first >= 1 && second >= 1;
  if (!day_first && !either) return {};
  const std::optional<Date> date =
      day_first.value_or(true) ? date_of(*year, second, first) : date_of(*year, first, second);
  if (!date) return {};
  return {either ? DateReading::ambiguous : DateReading::read, {*date, {}, {}}};
}

// The month of a name or its first three letters, taken off the text; 0 where there is none.
int take_month_name(TimeScanner& scanner) {
  constexpr std::array<std::string_view, 12> kMonths = {"january",   "february", "march",    "april",
                                                        "may",       "june",     "july",     "august",
                                                        "september", "october",  "november", "december"};
  for (std::size_t i = 0; i < kMonths.size(); ++i) {
    if (!scanner.take_ignoring_case(kMonths[i]) && !scanner.take_ignoring_case(kMonths[i].substr(0, 3)))
      continue;
    scanner.take(".");
    return static_cast<int>(i) + 1;
  }
  return 0;
}

void skip_between(TimeScanner& scanner) {
  scanner.take(",");
  scanner.skip_spaces();
  scanner.take("-");
}

// "1 March 2026", "01-Mar-26", "Mar 1, 2026".
Reading date_with_month_name(TimeScanner& scanner) {
  const int digits = static_cast<int>(scanner.digits_ahead());
  if (digits > 2) return {};
  std::optional<int> day;
  int month = digits == 0 ? take_month_name(scanner) : 0;
  const bool month_first = month != 0;
  skip_between(scanner);
  day = scanner.number(1, 2);
  if (!day) return {};
  skip_between(scanner);
  if (!month_first) {
    month = take_month_name(scanner);
    skip_between(scanner);
  }
  const bool is_short = scanner.digits_ahead() == 2;
  const std::optional<int> year = month == 0 ? std::nullopt
                                  : is_short ? scanner.number(2, 2)
                                             : scanner.number(4, 4);
  const std::optional<Date> date =
      year ? date_of(is_short ? full_year(*year) : *year, month, *day) : std::nullopt;
  if (!date) return {};
  return {is_short ? DateReading::short_year : DateReading::read, {*date, {}, {}}};
}

Reading read_date(TimeScanner& scanner, DateOrder order) {
  TimeScanner ahead = scanner;
  if (const Reading named = date_with_month_name(ahead); named.outcome != DateReading::unreadable) {
    scanner = ahead;
    return named;
  }
  std::optional<Date> date;
  if (scanner.digits_ahead() == 8) {
    const int number = *scanner.number(8, 8);
    date = date_of(number / 10000, number / 100 % 100, number % 100);
  } else if (scanner.digits_ahead() == 4) {
    const int year = *scanner.number(4, 4);
    date = month_and_day(scanner, year);
  } else {
    return date_with_year_last(scanner, order);
  }
  if (!date) return {};
  return {DateReading::read, {*date, {}, {}}};
}

enum class HalfOfDay { unsaid, morning, afternoon };

HalfOfDay take_half(TimeScanner& scanner) {
  constexpr std::array<std::string_view, 3> kMorning = {"am", "a.m.", "上午"};
  constexpr std::array<std::string_view, 3> kAfternoon = {"pm", "p.m.", "下午"};
  for (const std::string_view word : kMorning) {
    if (scanner.take_ignoring_case(word)) return HalfOfDay::morning;
  }
  for (const std::string_view word : kAfternoon) {
    if (scanner.take_ignoring_case(word)) return HalfOfDay::afternoon;
  }
  return HalfOfDay::unsaid;
}

// "时30分15秒" after an hour; minutes and seconds may be absent.
std::optional<seconds> chinese_minutes(TimeScanner& scanner) {
  if (!scanner.take("时") && !scanner.take("点")) return std::nullopt;
  seconds result{0};
  for (const auto& [unit, length] : {std::pair{"分", 60}, std::pair{"秒", 1}}) {
    if (scanner.digits_ahead() == 0) break;
    const std::optional<int> value = scanner.number(1, 2);
    if (!value || *value > 59 || !scanner.take(unit)) return std::nullopt;
    result += seconds(*value * length);
  }
  return result;
}

std::optional<seconds> read_time(TimeScanner& scanner) {
  HalfOfDay half = take_half(scanner);
  scanner.skip_spaces();
  const std::optional<int> hour = scanner.number(1, 2);
  if (!hour) return std::nullopt;
  const bool colon = scanner.rest().starts_with(':');
  const std::optional<seconds> after_hour = colon ? scanner.minutes_after_hour(1) : chinese_minutes(scanner);
  if (!after_hour) return std::nullopt;
  if (half == HalfOfDay::unsaid) {
    TimeScanner ahead = scanner;
    ahead.skip_spaces();
    half = take_half(ahead);
    if (half != HalfOfDay::unsaid) scanner = ahead;
  }
  if (half == HalfOfDay::unsaid) {
    if (*hour > 23) return std::nullopt;
    return hours(*hour) + *after_hour;
  }
  if (*hour < 1 || *hour > 12) return std::nullopt;
  return hours(*hour % 12 + (half == HalfOfDay::afternoon ? 12 : 0)) + *after_hour;
}

// "Sun", "Sunday", with a comma or a space behind it. Which day of the week it is, is not asked.
void skip_day_of_week(TimeScanner& scanner) {
  constexpr std::array<std::string_view, 7> kDays = {"monday", "tuesday",  "wednesday", "thursday",
                                                     "friday", "saturday", "sunday"};
  for (const std::string_view day : kDays) {
    TimeScanner ahead = scanner;
    if (!ahead.take_ignoring_case(day) && !ahead.take_ignoring_case(day.substr(0, 3))) continue;
    if (!ahead.take(",") && !ahead.take(" ")) continue;
    ahead.skip_spaces();
    scanner = ahead;
    return;
  }
}

// "星期日", "（周日）" behind a date.
void skip_chinese_day_of_week(TimeScanner& scanner) {
  TimeScanner ahead = scanner;
  ahead.skip_spaces();
  const bool bracket = ahead.take("（") || ahead.take("(");
  if (!ahead.take("星期") && !ahead.take("周") && !ahead.take("礼拜")) return;
  for (const std::string_view day : {"一", "二", "三", "四", "五", "六", "日", "天"}) {
    if (!ahead.take(day)) continue;
    if (bracket && !ahead.take("）") && !ahead.take(")")) return;
    scanner = ahead;
    return;
  }
}

// "UTC", "GMT+0800 (China Standard Time)", "+08:00".
std::optional<seconds> read_offset(TimeScanner& scanner) {
  const bool utc = scanner.take("UTC") || scanner.take("GMT");
  std::optional<seconds> offset = scanner.offset();
  if (scanner.broken()) return std::nullopt;
  if (!offset && utc) offset = seconds(0);
  scanner.skip_spaces();
  if (offset && scanner.rest().starts_with('(') && scanner.rest().ends_with(')'))
    scanner.take(scanner.rest());
  return offset;
}

// What follows the date: nothing, or a time of day and perhaps an offset. False where it is neither.
bool read_rest(TimeScanner& scanner, WrittenTime& written) {
  skip_chinese_day_of_week(scanner);
  if (scanner.at_end()) return true;
  if (!scanner.take_ignoring_case("t")) scanner.skip_spaces();
  written.time_of_day = read_time(scanner);
  if (!written.time_of_day) return false;
  scanner.skip_spaces();
  if (scanner.at_end()) return true;
  written.offset = read_offset(scanner);
  return written.offset && scanner.at_end();
}

// "20260301093015", "202603010930".
std::optional<WrittenTime> compact_time(std::string_view text) {
  std::array<int, 6> parts{};
  if (text.size() != 12 && text.size() != 14) return std::nullopt;
  for (std::size_t at = 0, i = 0; at < text.size(); ++i) {
    const std::size_t width = i == 0 ? 4 : 2;
    TimeScanner part(text.substr(at, width));
    parts[i] = *part.number(width, width);
    at += width;
  }
  const std::optional<Date> date = date_of(parts[0], parts[1], parts[2]);
  // Twelve digits with another year are thousandths since 1970, of before 2001: those are left unread.
  constexpr int kFirstYear = 1900;
  constexpr int kLastYear = 2099;
  if (!date || parts[0] < kFirstYear || parts[0] > kLastYear || parts[3] > 23 || parts[4] > 59 ||
      parts[5] > 59)
    return std::nullopt;
  return WrittenTime{*date, seconds(parts[3] * 3600 + parts[4] * 60 + parts[5]), {}};
}

// The seconds, or thousandths, since 1970 as interfaces of programs give them, from 2001 to 2033.
std::optional<WrittenTime> unix_time(std::string_view text) {
  if ((text.size() != 10 && text.size() != 13) || text.front() != '1' || !are_digits(text))
    return std::nullopt;
  std::int64_t number = 0;
  for (const char digit : text.substr(0, 10)) number = number * 10 + (digit - '0');
  const std::chrono::sys_seconds moment{seconds(number)};
  const auto day = std::chrono::floor<std::chrono::days>(moment);
  return WrittenTime{Date(day), moment - day, seconds(0)};
}

std::optional<WrittenTime> number_time(std::string_view text) {
  if (!are_digits(text)) return std::nullopt;
  const std::optional<WrittenTime> compact = compact_time(text);
  return compact ? compact : unix_time(text);
}

Reading read(std::string_view text, DateOrder order) {
  text = trimmed(text);
  if (const std::optional<WrittenTime> iso = parse_iso_time(text)) return {DateReading::read, *iso};
  if (const std::optional<WrittenTime> number = number_time(text)) return {DateReading::read, *number};
  TimeScanner scanner(text);
  skip_day_of_week(scanner);
  Reading reading = read_date(scanner, order);
  if (reading.outcome != DateReading::unreadable && !read_rest(scanner, reading.written)) return {};
  return reading;
}

}  // namespace

ImportedMoment parse_import_moment(std::string_view text, const TimeZone& zone, DateOrder order) {
  const Reading reading = read(text, order);
  if (!reading.has_date()) return {reading.outcome, {}};
  return {reading.outcome, moment_of(reading.written, zone)};
}

ImportedDate parse_import_date(std::string_view text, DateOrder order) {
  const Reading reading = read(text, order);
  if (!reading.has_date()) return {reading.outcome, {}};
  // Midnight in Beijing is the day before in UTC: whose day a Unix time means is only known at midnight UTC.
  if (unix_time(trimmed(text)) && reading.written.time_of_day != seconds(0)) return {};
  return {reading.outcome, reading.written.date};
}

bool is_import_day(std::string_view text, DateOrder order) {
  const Reading reading = read(text, order);
  return reading.has_date() && !reading.written.time_of_day;
}

}  // namespace crm
