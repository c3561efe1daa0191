#include "filter/parse.h"

#include <doctest/doctest.h>

#include <string>

using namespace crm;

namespace {

// The message as a terminal shows it, or what was read.
std::string read(const std::string& text, const Location& origin = {}) {
  try {
    return to_text(parse_expression(text, origin).root);
  } catch (const Error& error) {
    REQUIRE(error.code() == ErrorCode::invalid);
    REQUIRE(error.problems().size() == 1);
    return describe(error.problems().front(), true);
  }
}

// The tree with all its parentheses.
std::string shape(const Expr& expr) {
  if (expr.parts.empty()) return to_text(expr);
  std::string text = std::to_string(static_cast<int>(expr.kind)) + "(";
  for (const Expr& part : expr.parts) text += shape(part) + ' ';
  text.back() = ')';
  return text;
}
bool same(const std::string& left, const std::string& right) {
  return shape(parse_expression(left).root) == shape(parse_expression(right).root);
}

std::string repeated(const std::string& text, int count) {
  std::string all;
  for (int i = 0; i < count; ++i) all += text;
  return all;
}

}  // namespace

TEST_CASE("what binds tighter") {
  CHECK(same("a = 1 or b = 2 and c = 3", "a = 1 or (b = 2 and c = 3)"));
  CHECK(same("not a = 1 and b", "(not (a = 1)) and b"));
  CHECK(same("a + 1 - b > c", "((a + 1) - b) > c"));
  CHECK(same("a between 1 and 2 and b", "(a between 1 and 2) and b"));
  CHECK(same("a not in (1) or b is not null", "(not (a in (1))) or (not (b is null))"));
  CHECK(same("not not a", "not (not a)"));
  CHECK(same("a - -5 = 1", "(a - (-5)) = 1"));
  CHECK_FALSE(same("a - (b - c) = 1", "a - b - c = 1"));
}

TEST_CASE("words, signs and blanks") {
  CHECK(read("A LIKE 'x' AND b IS NOT NULL") == "A like 'x' and b is not null");
  CHECK(read("a!=1 and b<>2\n\tand c<=3") == "a <> 1 and b <> 2 and c <= 3");
  CHECK(read("name = 'O''Brien; -- ''''' and x") == "name = 'O''Brien; -- ''''' and x");
  CHECK(read("now-15d<at") == "now - 15d < at");
  CHECK(read("nowhere = 1 and today_x = 2 and me2") == "nowhere = 1 and today_x = 2 and me2");
  CHECK(read("not(a)and(b)") == "not a and b");
  CHECK(read("预算 > 010") == "预算 > 010");
  CHECK(read("coalesce( a , 'x' ) in ( 'x','y' )") == "coalesce(a, 'x') in ('x', 'y')");
}

TEST_CASE("an error shows its place and what was expected") {
  CHECK(read("stage = ") == "1:9: expected a field, a value or '(', found the end\n  stage = \n          ^");
  CHECK(
      read("stage == 'new'") ==
      "1:8: expected a field, a value or '(', found '='; equality is one '='\n  stage == 'new'\n         ^");
  CHECK(read("阶段 = \"new\"") ==
        "1:6: expected a field, a value or '(', found '\"'; text goes in single quotes\n  阶段 = \"new\"\n   "
        "      ^");
  CHECK(read("a = 1 && b = 2") ==
        "1:7: expected an operator, 'and', 'or' or the end, found '&'; write 'and'\n  a = 1 && b = 2\n       "
        " ^");
  CHECK(read("a = 'x") == "1:5: the text has no closing quote\n  a = 'x\n      ^");
  CHECK(read("a in 1") == "1:6: expected '(' after 'in', found '1'\n  a in 1\n       ^");
  CHECK(read("a in (1, )") ==
        "1:10: expected a field, a value or '(', found ')'\n  a in (1, )\n           ^");
  CHECK(read("a in (1 2)") == "1:9: expected ',' or ')', found '2'\n  a in (1 2)\n          ^");
  CHECK(read("(a = 1") == "1:7: expected an operator or ')', found the end\n  (a = 1\n        ^");
  CHECK(read("a is 5") == "1:6: expected 'null' or 'not null' after 'is', found '5'\n  a is 5\n       ^");
  CHECK(read("a not 5") ==
        "1:7: expected 'in', 'between', 'like' or 'contains' after 'not', found '5'\n  a not 5\n        ^");
  CHECK(read("a between 1 or 2") ==
        "1:13: expected 'and' and the upper bound of 'between', found 'or'\n  a between 1 or 2\n             "
        " ^");
  CHECK(read("a > 5kg") == "1:5: this is no number and no duration\n  a > 5kg\n      ^");
  CHECK(read("lowr(a) = 'x'") ==
        "1:1: there is no function 'lowr'; did you mean 'lower'?\n  lowr(a) = 'x'\n  ^");
  CHECK(read("a = 1\nand b =") ==
        "2:8: expected a field, a value or '(', found the end\n  and b =\n         ^");
  CHECK(read("") == "1:1: expected a field, a value or '(', found the end");
}

TEST_CASE("a place within a file counts from where the expression begins") {
  CHECK(read("a = 1\nand", {"sales.yaml", 12, 11}) ==
        "sales.yaml:13:4: expected a field, a value or '(', found the end");
  CHECK(read("a =", {"sales.yaml", 12, 11}) ==
        "sales.yaml:12:14: expected a field, a value or '(', found the end");
}

TEST_CASE("SQL that is no expression is refused") {
  for (const char* text : {"1) OR (0",
                           "1) --",
                           "a = 1; drop table lead",
                           "a = 1 -- x",
                           "a = 1 /* x */",
                           "a = 1 union select 1",
                           "a in (select 1)",
                           "exists (select 1)",
                           "a = randomblob(900000000)",
                           "a = x'00'",
                           "a = ?",
                           "a = $1",
                           "a = :now",
                           "a collate nocase = 'x'",
                           "cast(a as text) = 'x'",
                           "case when a then b end",
                           "a || b = 'x'",
                           "a = `b`",
                           "a = [b]",
                           "r.a = 1",
                           "a glob 'x'",
                           "a like 'x' escape '\\'",
                           "a = 1e5",
                           "a = 0x10",
                           "a = .5",
                           "a = 5."}) {
    INFO(text);
    CHECK_THROWS_AS(parse_expression(text), Error);
  }
  CHECK_THROWS_WITH(parse_expression(std::string_view("a = 'x\0y'", 9)),
                    "the expression holds a NUL character");
  CHECK_THROWS_WITH(parse_expression("a = '\xff'"), "the expression is not valid UTF-8");
}

TEST_CASE("bounds") {
  const auto list = [](int count) { return "a in (" + repeated("1,", count - 1) + "1)"; };
  CHECK_NOTHROW(parse_expression(list(1000)));
  CHECK_THROWS_WITH(parse_expression(list(1001)), "more than 1000 values in a list");

  const auto nested = [](int depth) { return repeated("(", depth) + "a" + repeated(")", depth); };
  CHECK_NOTHROW(parse_expression(nested(50)));
  CHECK_THROWS_WITH(parse_expression(nested(51)), "the expression is too deeply nested");
  CHECK_THROWS_WITH(parse_expression(repeated("not ", 51) + "a"), "the expression is too deeply nested");
  CHECK_THROWS_WITH(parse_expression(repeated("lower(", 11) + "a" + repeated(")", 11)),
                    "the expression is too deeply nested");
  CHECK_THROWS_WITH(parse_expression(repeated("(", 4000)), "the expression is too deeply nested");
  CHECK_NOTHROW(parse_expression("a" + repeated(" + 1", 50) + " > 1"));
  CHECK_THROWS_WITH(parse_expression("a" + repeated(" + 1", 51) + " > 1"),
                    "the chain of '+' and '-' is too long");

  CHECK_NOTHROW(parse_expression("a = '" + std::string(4090, 'x') + "'"));
  CHECK_THROWS_WITH(parse_expression("a = '" + std::string(4091, 'x') + "'"), "the expression is too long");
}

TEST_CASE("words of the language cannot name fields") {
  for (const std::string_view word : reserved_words()) CHECK(is_reserved_word(word));
  CHECK(is_reserved_word("Between"));
  CHECK_FALSE(is_reserved_word("stage"));
}
