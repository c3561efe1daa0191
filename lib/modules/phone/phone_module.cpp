#include <phonenumbers/phonenumber.pb.h>
#include <phonenumbers/phonenumberutil.h>

#include "crm/export.h"
#include "modules/phone/interface.h"

namespace crm {
namespace {

bool e164(std::string_view text, std::string_view country, std::string& key, bool& valid) {
  using i18n::phonenumbers::PhoneNumber;
  using i18n::phonenumbers::PhoneNumberUtil;
  // The name of no country: then only numbers with a country code are read.
  constexpr std::string_view kUnknown = "ZZ";
  const PhoneNumberUtil& numbers = *PhoneNumberUtil::GetInstance();
  key.clear();
  PhoneNumber number;
  const std::string region(country.empty() ? kUnknown : country);
  if (numbers.Parse(std::string(text), region, &number) != PhoneNumberUtil::NO_PARSING_ERROR) return false;
  // A number that only works within its area has no E.164 form.
  if (numbers.IsPossibleNumberWithReason(number) != PhoneNumberUtil::IS_POSSIBLE) return false;
  valid = numbers.IsValidNumber(number);
  numbers.Format(number, PhoneNumberUtil::E164, &key);
  return true;
}

}  // namespace
}  // namespace crm

extern "C" CRM_API void* crm_module_phone() {
  static crm::PhoneModule module{crm::e164};
  return &module;
}
