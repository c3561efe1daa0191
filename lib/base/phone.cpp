#include "base/phone.h"

#include <algorithm>

#include "base/digits.h"
#include "base/text.h"

namespace crm {
namespace {

bool is_separator(char32_t c) {
  if (c < 0x80)
    return c == ' ' || c == '-' || c == '.' || c == '(' || c == ')' || c == '[' || c == ']' || c == '\t';
  const bool dash = (c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0xFF0D;
  const bool bracket = c == 0xFF08 || c == 0xFF09;
  // Marks of direction and zero width, which come along when a number is copied from a telephone's list.
  const bool unseen =
      (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) || c == 0x2060 || c == 0xFEFF;
  return dash || bracket || unseen || is_white_space(c);
}

bool is_china_mobile(std::string_view digits) {
  return digits.size() == 11 && digits[0] == '1' && digits[1] >= '3';
}

// NXX-NXX-XXXX, N from 2 to 9.
bool is_north_american(std::string_view digits) {
  return digits.size() == 10 && digits[0] >= '2' && digits[3] >= '2';
}

constexpr std::size_t kPart = 4;          // digits
constexpr std::size_t kLongestPart = 10;  // longer ones are whole numbers
constexpr int kLongestExtension = 6;      // digits

// Of country codes of two digits the second ones, by the first. 1 and 7 stand by themselves; all others have
// three (ITU-T E.164, no code begins another).
constexpr std::string_view kSecondDigits[] = {"",         "",        "07", "0123469", "013456789",
                                              "12345678", "0123456", "",   "1246",    "0123458"};

std::size_t country_code_size(std::string_view digits) {
  if (digits.starts_with('1') || digits.starts_with('7')) return 1;
  const auto first = static_cast<std::size_t>(digits.empty() ? 0 : digits[0] - '0');
  const bool short_code = digits.size() > 1 && first < std::size(kSecondDigits) &&
                          kSecondDigits[first].find(digits[1]) != std::string_view::npos;
  return short_code ? 2 : 3;
}

}  // namespace

std::string_view national_number(std::string_view e164) {
  if (e164.starts_with('+')) e164.remove_prefix(1);
  return e164.substr(std::min(country_code_size(e164), e164.size()));
}

void append_number_parts(std::string& search_text, std::string_view national_number) {
  for (std::size_t i = 1; i + kPart <= national_number.size(); ++i) {
    search_text += " ·";
    search_text += national_number.substr(i, kPart);
  }
}

std::string number_part(std::string_view word) {
  if (word.size() < kPart || word.size() > kLongestPart) return {};
  if (!are_digits(word)) return {};
  std::string part = "·" + std::string(word.substr(0, kPart));
  append_number_parts(part, word);
  return part;
}

std::string_view without_fraction(std::string_view text) {
  constexpr std::size_t kFewest = 7;
  const std::string_view whole = trimmed(text);
  if (!whole.ends_with(".0")) return text;
  std::string_view digits = whole.substr(0, whole.size() - 2);
  const bool number =
      digits.size() >= kFewest && are_digits(digits.front() == '+' ? digits.substr(1) : digits);
  return number ? digits : text;
}

std::string_view without_extension(std::string_view text) {
  constexpr std::string_view kMarks[] = {"转", "轉", "分机", "分機", "内线", "內線", "*", "＊"};
  std::size_t begin = std::string_view::npos;
  for (const std::string_view mark : kMarks) begin = std::min(begin, text.find(mark));
  if (begin == std::string_view::npos) return text;
  std::string_view rest = text.substr(begin);
  int digits = 0;
  while (!rest.empty()) {
    const auto mark = std::find_if(std::begin(kMarks), std::end(kMarks),
                                   [&](std::string_view one) { return rest.starts_with(one); });
    if (mark != std::end(kMarks) && digits == 0) {
      rest.remove_prefix(mark->size());
      continue;
    }
    const char32_t c = next_character(rest);
    if ((c >= '0' && c <= '9') || (c >= 0xFF10 && c <= 0xFF19)) {
      ++digits;
    } else if (!is_separator(c) && c != ':' && c != U'：' && c != U'号') {
      return text;
    }
  }
  if (digits == 0 || digits > kLongestExtension) return text;
  std::string_view number = text.substr(0, begin);
  for (const std::string_view bracket : {"(", "（"}) {
    const std::string_view before = trimmed(number);
    if (before.ends_with(bracket)) number = before.substr(0, before.size() - bracket.size());
  }
  return number;
}

std::optional<std::string_view> before_last_group(std::string_view text) {
  text = trimmed(text);
  const std::size_t dash = text.rfind('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const std::string_view group = text.substr(dash + 1);
  if (group.empty() || group.size() > kLongestExtension || !are_digits(group)) return std::nullopt;
  return text.substr(0, dash);
}

std::optional<std::string> phone_digits(std::string_view text) {
  std::string out;
  text = without_fraction(text);
  const std::size_t plain = count_leading_digits(text);
  out = text.substr(0, plain);
  text.remove_prefix(plain);
  while (!text.empty()) {
    char32_t c = next_character(text);
    if (c >= 0xFF10 && c <= 0xFF19) c = c - 0xFF10 + '0';
    if (c == 0xFF0B) c = '+';
    if ((c >= '0' && c <= '9') || (c == '+' && out.empty())) {
      out += static_cast<char>(c);
    } else if (!is_separator(c)) {
      return std::nullopt;
    }
  }
  if (out.starts_with("00")) out.replace(0, 2, "+");
  if (out.empty() || out == "+") return std::nullopt;
  return out;
}

std::optional<std::string> usual_phone(std::string_view text, std::string_view country) {
  const std::optional<std::string> digits = phone_digits(text);
  if (!digits) return std::nullopt;
  const std::string_view number = *digits;
  if (number.starts_with("+86") && is_china_mobile(number.substr(3))) return *digits;
  if (number.starts_with("+1") && is_north_american(number.substr(2))) return *digits;
  if (country == "CN") {
    if (is_china_mobile(number)) return "+86" + *digits;
    if (number.starts_with("86") && is_china_mobile(number.substr(2))) return "+" + *digits;
  }
  if (country == "US" || country == "CA") {
    if (is_north_american(number)) return "+1" + *digits;
    if (number.starts_with('1') && is_north_american(number.substr(1))) return "+" + *digits;
  }
  return std::nullopt;
}

}  // namespace crm
