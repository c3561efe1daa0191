#include "commands/json_line.h"

#include <crm/error.h>
#include <crm/text.h>

#include <nlohmann/json.hpp>

namespace crm::cmd {
namespace {

// In the order of the file.
using Json = nlohmann::ordered_json;

Json parse_object(const std::string& line, const std::string& place) {
  Json json = Json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded() || !json.is_object()) {
    throw Error(ErrorCode::invalid, place + ": not a JSON object: " + crm::quoted(line),
                "one object on each line");
  }
  return json;
}

std::string scalar_text(const Json& value, const std::string& key, const std::string& place) {
  if (value.is_null()) return {};
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number() || value.is_boolean()) return value.dump();
  throw Error(ErrorCode::invalid, place + ": " + crm::quoted(key) + " is not a plain value").about_field(key);
}

}  // namespace

std::vector<FieldText> fields_of_json(const std::string& line, const std::string& place) {
  const Json object = parse_object(line, place);
  std::vector<FieldText> fields;
  for (const auto& member : object.items()) {
    if (!member.value().is_array()) {
      fields.push_back({member.key(), scalar_text(member.value(), member.key(), place)});
      continue;
    }
    std::string joined;
    for (const Json& item : member.value()) {
      if (!joined.empty()) joined += ';';
      joined += scalar_text(item, member.key(), place);
    }
    fields.push_back({member.key(), std::move(joined)});
  }
  return fields;
}

}  // namespace crm::cmd
