#include "process/compiled_member.h"

#include <doctest/doctest.h>

#include <string>

#include "crm/error.h"
#include "process/process.h"

namespace crm {
namespace {

TEST_SUITE("process/compiled_member") {
  TEST_CASE("finds each member, whatever stands before it") {
    const std::string json = R"({"a":"x\"},{","b":[1,{"a":2},"]"],"c":{"d":"\\"},"e":true,"f":""})";
    CHECK(compiled_member(json, "a") == R"("x\"},{")");
    CHECK(compiled_member(json, "b") == R"([1,{"a":2},"]"])");
    CHECK(compiled_member(json, "c") == R"({"d":"\\"})");
    CHECK(compiled_member(json, "e") == "true");
    CHECK(compiled_member(json, "f") == R"("")");
    CHECK(compiled_member(json, "d").empty());
    CHECK(compiled_member(json, "").empty());
  }

  TEST_CASE("ends where the text does") {
    const std::string json = R"({"a":"x\"},{","b":[1,{"a":2},"]"],"c":{"d":"\\"}})";
    for (std::size_t size = 0; size < json.size(); ++size) compiled_member(json.substr(0, size), "z");
    CHECK(compiled_member("", "a").empty());
  }

  TEST_CASE("the names of a kind's stages are those of the whole process") {
    Process process;
    for (const char* name : {"new", "won \"quoted\"", "丢失"}) {
      Stage stage;
      stage.name = name;
      process.stages[static_cast<std::size_t>(Kind::lead)].push_back(stage);
    }
    const std::string json = compile(process);
    for (const Kind kind : {Kind::lead, Kind::customer})
      CHECK(compiled_stage_names(json, kind) == from_compiled(json)->stage_names(kind));
    CHECK(compiled_stage_names(json, Kind::lead).size() == 3);
    CHECK_THROWS_AS(compiled_stage_names(R"({"stages":{"lead":[{"label_en":""}]}})", Kind::lead), Error);
  }

  TEST_CASE("reads what compile() writes") {
    Process process;
    process.description = "a \"quoted\" {text}";
    process.timezone = "Asia/Shanghai";
    const std::string json = compile(process);
    CHECK(compiled_member(json, "timezone") == R"("Asia/Shanghai")");
    CHECK(compiled_member(json, "currency") == R"("")");
    CHECK(compiled_member(json, "fields") == "{}");
  }
}

}  // namespace
}  // namespace crm
