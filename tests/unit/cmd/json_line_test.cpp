#include "commands/json_line.h"

#include <crm/error.h>
#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace crm::cmd;

namespace {

std::string fields(const std::string& line) {
  std::string text;
  for (const crm::FieldText& field : fields_of_json(line, "input:1"))
    text += field.field + '=' + field.text + '|';
  return text;
}

}  // namespace

TEST_CASE("the members of an object are texts of fields, in its order") {
  CHECK(fields(R"({"name":"王芳","amount":12.5,"id":7,"active":true,"note":null,"tags":["a","b"]})") ==
        "name=王芳|amount=12.5|id=7|active=true|note=|tags=a;b|");
  CHECK(fields("{}").empty());
}

TEST_CASE("a number is kept as it is written") {
  CHECK(
      fields(
          R"({"note":12345678901234567890123,"amount":1.10,"tags":[1.50,-0.0,1E5],"id":-9223372036854775808})") ==
      "note=12345678901234567890123|amount=1.10|tags=1.50;-0.0;1E5|id=-9223372036854775808|");
}

TEST_CASE("what is no object of plain values is refused with its place") {
  CHECK_THROWS_WITH_AS(fields("[1]"), "input:1: not a JSON object: '[1]'", crm::Error);
  CHECK_THROWS_WITH_AS(fields("{\"a\":"), "input:1: not a JSON object: '{\"a\":'", crm::Error);
  CHECK_THROWS_WITH_AS(fields(R"({"a":{"b":1}})"), "input:1: 'a' is not a plain value", crm::Error);
  CHECK_THROWS_WITH_AS(fields(R"({"a":[[1]]})"), "input:1: 'a' is not a plain value", crm::Error);
}
