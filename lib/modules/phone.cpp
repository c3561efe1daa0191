#include "modules/phone.h"

#include <algorithm>

#include "base/phone.h"
#include "base/text.h"
#include "modules/module.h"
#include "modules/phone/interface.h"

namespace crm {
namespace {

const PhoneModule& phone_module() {
  static const auto* module = static_cast<const PhoneModule*>(load_module("phone"));
  return *module;
}

// "n/a", "无" and the like are no numbers, and no reason to load the module.
bool can_be_number(std::string_view text) {
  constexpr std::size_t kLongest = 250;
  if (text.size() > kLongest || !is_valid_utf8(text)) return false;
  const std::string plain = folded(text);  // digits of every width
  return std::count_if(plain.begin(), plain.end(), [](char c) { return c >= '0' && c <= '9'; }) >= 2;
}

std::optional<std::string> key_of_number(std::string_view text, std::string_view country) {
  if (std::optional<std::string> usual = usual_phone(text, country)) return usual;
  // 00 means + in every country's files, wherever one dials it.
  const std::optional<std::string> digits = phone_digits(text);
  const bool international = digits && digits->starts_with('+');
  std::string key;
  bool valid = false;
  const std::string_view number = international ? std::string_view(*digits) : without_fraction(text);
  if (!phone_module().e164(number, country, key, valid)) return std::nullopt;
  // A digit too many or too few makes another number, perhaps somebody else's. Of the usual shapes the length
  // tells, and numbers are given out which the table does not know yet.
  if (!valid && !usual_phone(key, {})) return std::nullopt;
  return key;
}

}  // namespace

std::optional<std::string> phone_key(std::string_view text, std::string_view country) {
  if (std::optional<std::string> usual = usual_phone(text, country)) return usual;
  if (!can_be_number(text)) return std::nullopt;
  text = without_extension(text);
  if (std::optional<std::string> key = key_of_number(text, country)) return key;
  const std::optional<std::string_view> before = before_last_group(text);
  return before ? key_of_number(*before, country) : std::nullopt;
}

}  // namespace crm
