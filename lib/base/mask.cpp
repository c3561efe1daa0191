#include "base/mask.h"

#include <algorithm>

#include "base/digits.h"
#include "base/text.h"

namespace crm {
namespace {

constexpr std::string_view kNames[] = {"all", "cn-id-card", "phone", "email", "name", "bank-card"};
constexpr std::string_view kNothing = "***";

// Asterisks in place of the digits (and letters of a card's check digit) but for `first` and `last` of them.
std::string middle_hidden(std::string_view value, std::size_t first, std::size_t last) {
  const auto counts = [](char c) { return is_digit(c) || c == 'X' || c == 'x'; };
  const auto total = static_cast<std::size_t>(std::count_if(value.begin(), value.end(), counts));
  if (total < first + last + 4) return std::string(kNothing);
  std::string text(value);
  std::size_t seen = 0;
  for (char& c : text) {
    if (!counts(c)) continue;
    if (seen >= first && seen < total - last) c = '*';
    ++seen;
  }
  return text;
}

// The four digits before the last four: what a subscriber's number is told apart by.
std::string hidden_phone(std::string_view value) {
  const auto total = static_cast<std::size_t>(std::count_if(value.begin(), value.end(), is_digit));
  return total < 8 ? std::string(kNothing) : middle_hidden(value, total - 8, 4);
}

std::string hidden_email(std::string_view value) {
  const std::size_t at = value.find('@');
  if (at == std::string_view::npos || at == 0) return std::string(kNothing);
  std::string_view rest = value;
  next_character(rest);
  return std::string(value.substr(0, value.size() - rest.size())) + std::string(kNothing) +
         std::string(value.substr(at));
}

std::string hidden_name(std::string_view value) {
  std::string_view rest = value;
  if (rest.empty()) return {};
  next_character(rest);
  return std::string(value.substr(0, value.size() - rest.size())) + "**";
}

}  // namespace

std::span<const std::string_view> mask_names() {
  return kNames;
}

std::string masked(std::string_view value, std::string_view mask) {
  if (mask == "cn-id-card") return middle_hidden(value, 6, 4);
  if (mask == "phone") return hidden_phone(value);
  if (mask == "email") return hidden_email(value);
  if (mask == "name") return hidden_name(value);
  if (mask == "bank-card") return middle_hidden(value, 0, 4);
  return std::string(kNothing);
}

}  // namespace crm
