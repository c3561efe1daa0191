#include "records/old_values.h"

#include <nlohmann/json.hpp>

#include "crm/error.h"

namespace crm {
namespace {

nlohmann::json parse(std::string_view text) {
  nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object())
    throw Error(ErrorCode::failed, "the change log holds an unreadable entry", "run 'crm verify'");
  return json;
}

Value value_of(const nlohmann::json& json) {
  if (json.is_number_integer()) return json.get<std::int64_t>();
  if (json.is_string()) return json.get<std::string>();
  return {};
}

}  // namespace

void apply_old_values(const TableShape& shape, std::string_view text, StoredRecord& record) {
  const nlohmann::json json = parse(text);
  for (const auto& [name, value] : json.items()) {
    if (name == "deleted_at") {
      record.deleted_at = value.is_null() ? std::nullopt : std::optional(value.get<std::int64_t>());
    } else if (name == "tags" || name == "ref") {
      (name == "tags" ? record.tags : record.refs) = value.get<std::vector<std::string>>();
    } else if (const std::size_t position = shape.view().position(name); position != KindView::npos) {
      record[position] = value_of(value);
    }
  }
}

std::vector<std::string> old_value_names(std::string_view text) {
  std::vector<std::string> names;
  const nlohmann::json json = parse(text);
  for (const auto& [name, value] : json.items()) names.push_back(name);
  return names;
}

}  // namespace crm
