#include "base/json.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "unit/random.h"

using namespace crm;

namespace {

std::string json_string(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

}  // namespace

TEST_CASE("JSON strings escape what RFC 8259 asks for, and line separators") {
  CHECK(json_string("") == "\"\"");
  CHECK(json_string("plain 张伟 😀") == "\"plain 张伟 😀\"");
  CHECK(json_string("a\"b\\c/") == R"("a\"b\\c/")");
  CHECK(json_string("\b\f\n\r\t\x01\x1f\x7f") == "\"\\b\\f\\n\\r\\t\\u0001\\u001f\x7f\"");
  CHECK(json_string("\u2028\u2029") == R"("\u2028\u2029")");
  CHECK(json_string("a\xFF\xE5z") == "\"a\uFFFD\uFFFDz\"");
}

TEST_CASE("any bytes become JSON that a parser reads back") {
  Random random(11);
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    for (unsigned length = random.below(12); length > 0; --length) {
      const unsigned kind = random.below(8);
      if (kind < 4) {
        text += static_cast<char>(random.below(0x80));
      } else if (kind < 7) {
        append_utf8(text, random.one_in(2) ? random.between(U'\u4E00', U'\u4EFF')
                                           : random.between(U'\u2020', U'\u202F'));
      } else {
        text += static_cast<char>(0x80 + random.below(0x80));
      }
    }
    const std::string written = json_string(text);
    REQUIRE(nlohmann::json::parse(written).get<std::string>() == with_replacements(text));
  }
}
