#include "base/value_check.h"

#include <algorithm>
#include <array>

#include "base/calendar.h"
#include "base/digits.h"
#include "base/text.h"
#include "crm/error.h"
#include "crm/time.h"

namespace crm {
namespace {

constexpr std::string_view kNames[] = {"cn-id-card", "cn-uscc", "bank-card", "email", "url"};

int number(std::string_view digits) {
  int value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

// GB 11643-1999: ISO 7064 MOD 11-2 over 17 digits.
bool is_id_card(std::string_view value) {
  constexpr std::array<int, 17> kWeights = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  constexpr std::string_view kCheck = "10X98765432";
  if (value.size() != 18 || !std::all_of(value.begin(), value.end() - 1, is_digit)) return false;
  if (!date_of(number(value.substr(6, 4)), number(value.substr(10, 2)), number(value.substr(12, 2))))
    return false;
  int sum = 0;
  for (std::size_t i = 0; i < kWeights.size(); ++i) sum += (value[i] - '0') * kWeights[i];
  const char last = value.back() == 'x' ? 'X' : value.back();
  return kCheck[static_cast<std::size_t>(sum % 11)] == last;
}

// GB 32100-2015: ISO 7064 MOD 31-3 over 17 characters, without I, O, S, V and Z.
bool is_credit_code(std::string_view value) {
  constexpr std::string_view kCharacters = "0123456789ABCDEFGHJKLMNPQRTUWXY";
  constexpr std::array<int, 17> kWeights = {1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28};
  if (value.size() != 18) return false;
  int sum = 0;
  for (std::size_t i = 0; i < kWeights.size(); ++i) {
    const std::size_t place = kCharacters.find(value[i]);
    if (place == std::string_view::npos) return false;
    sum += static_cast<int>(place) * kWeights[i];
  }
  return kCharacters[static_cast<std::size_t>((31 - sum % 31) % 31)] == value.back();
}

// ISO/IEC 7812-1, annex B (Luhn); blanks between groups do not count.
bool is_bank_card(std::string_view value) {
  int sum = 0;
  std::size_t count = 0;
  for (auto c = value.rbegin(); c != value.rend(); ++c) {
    if (*c == ' ') continue;
    if (!is_digit(*c)) return false;
    const int digit = (*c - '0') * (count % 2 == 0 ? 1 : 2);
    sum += digit > 9 ? digit - 9 : digit;
    ++count;
  }
  return count >= 12 && count <= 19 && sum % 10 == 0;
}

bool is_url(std::string_view value) {
  std::string_view rest;
  if (value.starts_with("https://")) rest = value.substr(8);
  if (value.starts_with("http://")) rest = value.substr(7);
  return !rest.empty() && rest.front() != '/' && rest.find_first_of(" \t\"<>") == std::string_view::npos;
}

bool is_time_zone(std::string_view value) {
  try {
    TimeZone::load(std::string(value));
    return true;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

std::span<const std::string_view> value_check_names() {
  return kNames;
}

bool passes_value_check(std::string_view value, std::string_view check) {
  if (check == "cn-id-card") return is_id_card(value);
  if (check == "cn-uscc") return is_credit_code(value);
  if (check == "bank-card") return is_bank_card(value);
  if (check == "email") return is_email(value);
  if (check == "url") return is_url(value);
  if (check == "time zone") return is_time_zone(value);
  return true;
}

}  // namespace crm
