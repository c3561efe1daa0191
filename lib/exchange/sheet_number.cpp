#include "exchange/sheet_number.h"

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <optional>

#include "base/digits.h"
#include "base/text.h"
#include "crm/time.h"

namespace crm {
namespace {

constexpr double kMostReadable = 1e21;
constexpr std::int64_t kLastDay = 2'958'465;  // 9999-12-31
constexpr std::int64_t kDaySeconds = 86'400;
constexpr std::size_t kSheetDigits = 15;

std::optional<double> number_of(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(number)) return std::nullopt;
  return number;
}

// Other programs than Excel write numbers of more than 15 digits too: their digits are kept.
bool is_plain_integer(std::string_view text) {
  const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
  return !digits.empty() && are_digits(digits) && (digits.size() == 1 || digits.front() != '0');
}

// What Excel shows of a number: 15 digits, and zeros for those behind them.
void append_rounded(std::string& out, double number) {
  std::array<char, 64> text{};
  const auto size = static_cast<std::size_t>(
      std::snprintf(text.data(), text.size(), "%.*e", static_cast<int>(kSheetDigits) - 1, number));
  const std::string_view shown(text.data(), size);
  const std::size_t exponent_at = shown.find('e');
  int exponent = 0;
  const char* const digits_of = shown.data() + exponent_at + (shown[exponent_at + 1] == '+' ? 2 : 1);
  std::from_chars(digits_of, shown.data() + size, exponent);
  if (exponent >= static_cast<int>(kSheetDigits)) {
    for (const char c : shown.substr(0, exponent_at)) {
      if (c != '.') out += c;
    }
    out.append(static_cast<std::size_t>(exponent) + 1 - kSheetDigits, '0');
    return;
  }
  const double rounded = number_of(shown).value_or(number);
  std::array<char, 400> plain{};
  const auto end = std::to_chars(plain.data(), plain.data() + plain.size(), rounded == 0 ? 0.0 : rounded,
                                 std::chars_format::fixed)
                       .ptr;
  out.append(plain.data(), end);
}

void append_two(std::string& out, std::int64_t number) {
  out += static_cast<char>('0' + number / 10);
  out += static_cast<char>('0' + number % 10);
}

void append_time(std::string& out, std::int64_t seconds) {
  append_two(out, seconds / 3600);
  append_two(out += ':', seconds / 60 % 60);
  append_two(out += ':', seconds % 60);
}

// Whether a number format has one of the letters, or between brackets ("[h]:mm") of those only.
bool shows_any(std::string_view code, std::string_view letters, std::string_view in_brackets) {
  for (std::size_t i = 0; i < code.size(); ++i) {
    const char c = code[i];
    if (c == ';') return false;  // the first section is that of positive numbers
    if (c == '"') {
      i = code.find('"', i + 1);
      if (i == std::string_view::npos) return false;
    } else if (c == '\\' || c == '_' || c == '*') {
      ++i;
    } else if (c == '[') {
      const std::size_t end = code.find(']', i);
      if (end == std::string_view::npos) return false;
      const std::string inside = ascii_lower(code.substr(i + 1, end - i - 1));
      if (!inside.empty() && inside.find_first_not_of(in_brackets) == std::string::npos) return true;
      i = end;
    } else if (letters.find(c) != std::string_view::npos) {
      return true;
    } else if (equals_ignoring_case(code.substr(i, 7), "general")) {
      return false;
    }
  }
  return false;
}

}  // namespace

bool is_date_format(std::string_view code) {
  return shows_any(code, "yYmMdDhHsS", "hms");
}

bool is_time_format(std::string_view code) {
  return shows_any(code, "hHsS", "hs");
}

bool is_date_format(int built_in) {
  return (built_in >= 14 && built_in <= 22) || (built_in >= 27 && built_in <= 36) ||
         (built_in >= 45 && built_in <= 47) || (built_in >= 50 && built_in <= 58);
}

bool is_time_format(int built_in) {
  return (built_in >= 18 && built_in <= 22) || (built_in >= 32 && built_in <= 35) ||
         (built_in >= 45 && built_in <= 47) || built_in == 55 || built_in == 56;
}

void append_sheet_number(std::string& out, std::string_view text) {
  text = trimmed(text);
  const std::optional<double> number = is_plain_integer(text) ? std::nullopt : number_of(text);
  if (!number || std::abs(*number) >= kMostReadable) {
    out += text;
    return;
  }
  append_rounded(out, *number);
}

void append_sheet_date(std::string& out, std::string_view text, bool from_1904, bool with_time) {
  text = trimmed(text);
  const std::optional<double> number = number_of(text);
  if (!number || *number < 0 || *number > static_cast<double>(kLastDay + 1))
    return append_sheet_number(out, text);
  const auto seconds = static_cast<std::int64_t>(std::llround(*number * static_cast<double>(kDaySeconds)));
  std::int64_t day = seconds / kDaySeconds;
  const std::int64_t time = seconds % kDaySeconds;
  if (day == 0 && !from_1904) return append_time(out, time);
  if (day == 60 && !from_1904) return append_sheet_number(out, text);
  if (from_1904) {
    day += 1462;
  } else if (day < 60) {
    ++day;  // before the day that never was
  }
  if (day > kLastDay) return append_sheet_number(out, text);
  const std::chrono::sys_days date =
      std::chrono::sys_days(std::chrono::year(1899) / 12 / 30) + std::chrono::days(day);
  out += format_date(date);
  if (time != 0 || with_time) append_time(out += ' ', time);
}

}  // namespace crm
