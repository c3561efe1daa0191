#include "commands/batch_operation.h"

#include <crm/error.h>
#include <doctest/doctest.h>

using crm::cmd::BatchOperation;
using crm::cmd::BatchResults;
using crm::cmd::read_operation;

TEST_CASE("a batch line names a command or an operation") {
  const BatchResults none;
  CHECK(read_operation(R"({"cmd":["lead","list"]})", "b:1", none).command ==
        std::vector<std::string>{"lead", "list"});
  const BatchOperation add = read_operation(
      R"({"op":"add","kind":"lead","fields":{"name":"王芳","tags":["a","b"],"amount":12.5,"note":null}})",
      "b:1", none);
  CHECK(add.op == "add");
  REQUIRE(add.fields.size() == 4);
  CHECK(add.fields[1].text == "a;b");
  CHECK(add.fields[2].text == "12.5");
  const BatchOperation exact = read_operation(
      R"({"op":"add","kind":"lead","fields":{"note":12345678901234567890123,"amount":1.10}})", "b:1", none);
  CHECK(exact.fields[0].text == "12345678901234567890123");
  CHECK(exact.fields[1].text == "1.10");
  CHECK(add.fields[3].text.empty());
  for (const char* line :
       {"{}", R"({"cmd":[]})", R"({"cmd":"lead"})", R"({"cmd":["a",1]})", R"({"cmd":["a"],"x":1})",
        R"({"op":"add"})", R"({"op":"fly","kind":"lead"})", R"({"op":"add","kind":"lead","id":1})",
        R"({"op":"edit","kind":"lead"})", R"({"op":"add","kind":"moon"})", "[1]"}) {
    CAPTURE(line);
    CHECK_THROWS_AS(read_operation(line, "b:1", none), crm::Error);
  }
}

TEST_CASE("later lines refer to earlier ones") {
  BatchResults results;
  results.add(R"({"id":42,"name":"王芳"})");
  results.add("");
  CHECK(results.resolved("$1.id") == "42");
  CHECK(results.resolved("lead/$1.id") == "lead/42");
  CHECK(results.resolved("$1.name") == "王芳");
  for (const char* plain : {"", "$", "$1", "$x.id", "costs $1.50", "$1.id and more", "moon/$1.id"})
    CHECK(results.resolved(plain) == plain);
  for (const char* wrong : {"$0.id", "$2.id", "$3.id", "$1.phone"})
    CHECK_THROWS_AS(results.resolved(wrong), crm::Error);
}
