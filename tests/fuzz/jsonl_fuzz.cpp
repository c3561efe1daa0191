// JSON lines: an object is taken if and only if nlohmann-json takes it, with the same values.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/text.h"
#include "crm/error.h"
#include "exchange/json_object.h"
#include "exchange/row_source.h"
#include "fuzz/encodings.h"
#include "fuzz/require.h"
#include "unit/exchange/memory_bytes.h"

namespace crm {
namespace {

using Json = nlohmann::json;

void check_same(std::string_view text, const Json& expected) {
  if (expected.is_string()) {
    require(expected.get_ref<const std::string&>() == text);
  } else {
    require(Json::parse(text) == expected);
  }
}

bool is_structured(const Json& list) {
  return std::any_of(list.begin(), list.end(), [](const Json& item) { return item.is_structured(); });
}

// The members as the reader has them: objects inside taken apart.
void take_apart(const Json& object, const std::string& prefix, std::map<std::string, Json>& into) {
  for (const auto& [key, value] : object.items()) {
    const std::string full = prefix.empty() ? key : prefix + '.' + key;
    if (value.is_object() && !value.empty()) {
      take_apart(value, full, into);
    } else {
      into[full] = value;
    }
  }
}

void check_object(std::string_view text) {
  JsonObject object;
  const auto fault = object.parse(text);
  const Json expected = Json::parse(text, nullptr, false);
  if (fault) {
    require(fault->offset <= text.size());
    require(expected.is_discarded() || (fault->valid_json && !expected.is_object()) ||
            std::string_view(fault->message).starts_with("more than"));
    return;
  }
  // Of numbers too large for a double nlohmann-json takes none.
  if (expected.is_discarded() && (text.find_first_of("eE") != std::string_view::npos || text.size() > 300))
    return;
  require(expected.is_object());
  std::map<std::string, Json> members;
  take_apart(expected, {}, members);
  // Of equal keys nlohmann-json keeps one.
  if (members.size() != object.members().size() || members.count({}) > 0) return;
  for (const JsonObject::Member& member : object.members()) {
    const Json& value = members.at(std::string(member.key));
    const bool list = value.is_array() && !is_structured(value);
    require(member.is_list == list && member.is_null == (value.is_null() || value.is_object()));
    if (member.is_list) {
      std::size_t next = member.first_item;
      for (const Json& item : value) {
        if (!item.is_null()) check_same(object.items()[next++], item);
      }
      require(next == member.first_item + member.item_count);
    } else if (!member.is_null) {
      check_same(member.text, value);
    }
  }
}

void check_rows(std::string_view text, std::size_t block) {
  RowSourceOptions options;
  options.format = RowFormat::json;
  options.encoding = named_encoding(text);
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
  keep_converters();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (is_valid_utf8(text) && text.find('\0') == std::string_view::npos && !text.starts_with("\xEF\xBB\xBF")) {
    check_object(text);
  }
  check_rows(text, 1 + size % 50);
  return 0;
}
