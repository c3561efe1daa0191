#include "commands/json_line.h"

#include <crm/error.h>
#include <crm/text.h>

#include "commands/exact_json.h"

namespace crm::cmd {
namespace {

ExactJson parse_object(const std::string& line, const std::string& place) {
  std::optional<ExactJson> json = parse_exactly(line);
  if (!json || !json->is_object()) {
    throw Error(ErrorCode::invalid, place + ": not a JSON object: " + crm::quoted(line),
                "one object on each line");
  }
  return std::move(*json);
}

std::string scalar_text(const ExactJson& value, const std::string& key, const std::string& place) {
  if (std::optional<std::string> text = plain_text(value)) return std::move(*text);
  throw Error(ErrorCode::invalid, place + ": " + crm::quoted(key) + " is not a plain value").about_field(key);
}

}  // namespace

std::vector<FieldText> fields_of_json(const std::string& line, const std::string& place) {
  const ExactJson object = parse_object(line, place);
  std::vector<FieldText> fields;
  for (const auto& member : object.items()) {
    if (!member.value().is_array()) {
      fields.push_back({member.key(), scalar_text(member.value(), member.key(), place)});
      continue;
    }
    std::string joined;
    for (const ExactJson& item : member.value()) {
      if (!joined.empty()) joined += ';';
      joined += scalar_text(item, member.key(), place);
    }
    fields.push_back({member.key(), std::move(joined)});
  }
  return fields;
}

}  // namespace crm::cmd
