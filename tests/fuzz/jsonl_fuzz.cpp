// JSON lines: an object is taken if and only if nlohmann-json takes it and it is flat, with the same values.
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/text.h"
#include "crm/error.h"
#include "exchange/json_object.h"
#include "exchange/row_source.h"
#include "fuzz/require.h"
#include "unit/exchange/memory_bytes.h"

namespace crm {
namespace {

using Json = nlohmann::json;

bool holds_nul(const Json& value) {
  return value.is_string() && value.get_ref<const std::string&>().find('\0') != std::string::npos;
}

bool is_scalar(const Json& value) {
  return !value.is_structured() && !holds_nul(value);
}

bool is_flat(const Json& object) {
  for (const auto& [key, value] : object.items()) {
    if (key.find('\0') != std::string::npos) return false;
    if (value.is_object() || holds_nul(value)) return false;
    if (!value.is_array()) continue;
    for (const Json& item : value) {
      if (!is_scalar(item) || item.is_null()) return false;
    }
  }
  return true;
}

void check_same(std::string_view text, const Json& expected) {
  if (expected.is_string()) {
    require(expected.get_ref<const std::string&>() == text);
  } else {
    require(Json::parse(text) == expected);
  }
}

void check_object(std::string_view text) {
  JsonObject object;
  const auto fault = object.parse(text);
  const Json expected = Json::parse(text, nullptr, false);
  if (fault) {
    require(fault->offset <= text.size());
    require(expected.is_discarded() || !expected.is_object() || !is_flat(expected) ||
            text.find("\\u0000") != std::string_view::npos || text.find('{', 1) != std::string_view::npos ||
            text.find('[') != std::string_view::npos);
    return;
  }
  // Of numbers too large for a double nlohmann-json takes none.
  if (expected.is_discarded() && (text.find_first_of("eE") != std::string_view::npos || text.size() > 300))
    return;
  require(expected.is_object());
  // nlohmann-json keeps the last of two equal keys.
  if (expected.size() != object.members().size()) return;
  for (const JsonObject::Member& member : object.members()) {
    const Json& value = expected.at(std::string(member.key));
    require(member.is_list == value.is_array() && member.is_null == value.is_null());
    if (member.is_list) {
      require(member.item_count == value.size());
      for (std::size_t i = 0; i < member.item_count; ++i)
        check_same(object.items()[member.first_item + i], value[i]);
    } else if (!member.is_null) {
      check_same(member.text, value);
    }
  }
}

void check_rows(std::string_view text, std::size_t block) {
  RowSourceOptions options;
  options.format = RowFormat::json;
  try {
    const auto source = open_rows(test::memory_bytes(std::string(text), block), "a.jsonl", options);
    InputRow row;
    while (source->next(row)) {
      require(row.fault || row.fields.size() == source->headings().size());
      for (std::size_t i = 0; i < row.fields.size(); ++i) require(source->place(i).line >= row.line);
    }
  } catch (const Error& error) {
    require(error.code() == ErrorCode::invalid);
  }
}

}  // namespace
}  // namespace crm

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace crm;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (is_valid_utf8(text) && text.find('\0') == std::string_view::npos && !text.starts_with("\xEF\xBB\xBF")) {
    check_object(text);
  }
  check_rows(text, 1 + size % 50);
  return 0;
}
