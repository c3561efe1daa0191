#include "records/search_words.h"

#include "base/han.h"
#include "base/phone.h"
#include "base/text.h"
#include "modules/phone.h"

namespace crm {
namespace {

void append_phone(std::string& text, const std::string& phone, const std::string& country) {
  append_search_text(text, phone);
  const auto digits = phone_digits(phone);
  if (digits && *digits != phone) append_search_text(text, *digits);
  const auto key = phone_key(phone, country);
  if (key && key != digits) append_search_text(text, *key);
  if (!key) return;
  const std::string_view national = national_number(*key);
  if (digits != national) {
    text += ' ';
    text += national;
  }
  append_number_parts(text, national);
}

}  // namespace

void append_search_words(std::string& text, const Field& field, const std::string& value,
                         const std::string& country) {
  if (!field.searchable || field.sensitive) return;
  if (field.type == FieldType::phone) {
    append_phone(text, value, country);
  } else {
    append_search_text(text, value);
  }
  if (field.name == "name") {
    append_name_readings(text, value);
    append_inner_readings(text, value);
  } else if (field.name == "company") {
    append_company_readings(text, value);
  }
}

}  // namespace crm
