#include "records/search_words.h"

#include "base/han.h"
#include "base/phone.h"
#include "base/text.h"
#include "modules/phone.h"

namespace crm {
namespace {

void append_phone(std::string& text, std::string_view phone, const std::string& country) {
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

SearchedAs searched_as(const Field& field) {
  if (!field.searchable || field.sensitive) return SearchedAs::not_searched;
  if (field.type == FieldType::phone) return SearchedAs::phone;
  if (field.name == "name") return SearchedAs::name;
  return field.name == "company" ? SearchedAs::company : SearchedAs::text;
}

void append_search_words(std::string& text, SearchedAs kind, std::string_view value,
                         const std::string& country) {
  switch (kind) {
    case SearchedAs::not_searched:
      return;
    case SearchedAs::phone:
      return append_phone(text, value, country);
    case SearchedAs::text:
      return append_search_text(text, value);
    case SearchedAs::name:
      append_search_text(text, value);
      append_name_readings(text, value);
      return append_inner_readings(text, value);
    case SearchedAs::company:
      append_search_text(text, value);
      return append_company_readings(text, value);
  }
}

}  // namespace crm
