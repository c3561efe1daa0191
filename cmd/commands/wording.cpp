#include "commands/wording.h"

#include <algorithm>

namespace crm::cmd {

std::string in_capitals(std::string_view name) {
  std::string capitals(name);
  std::transform(capitals.begin(), capitals.end(), capitals.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return capitals;
}

std::string with_article(std::string_view noun) {
  const bool vowel = !noun.empty() && std::string_view("aeio").find(noun.front()) != std::string_view::npos;
  return (vowel ? "an " : "a ") + std::string(noun);
}

std::string example_value(const Field& field) {
  if (!field.choices.empty()) return std::string(field.choices.front().name);
  switch (field.type) {
    case FieldType::record:
      return "lead/42";
    case FieldType::reference:
      return field.target == Kind::user ? "li" : "7";
    case FieldType::integer:
      return "10";
    case FieldType::money:
      return "5000";
    case FieldType::moment:
      return "+3d";
    case FieldType::date:
      return "1990-05-17";
    case FieldType::phone:
      return "13800138000";
    case FieldType::email:
      return "li@example.com";
    default:
      return "王芳";
  }
}

}  // namespace crm::cmd
