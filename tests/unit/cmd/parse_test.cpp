#include "parse/parse.h"

#include <crm/error.h>
#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

#include "parse/token.h"

using namespace crm::cmd;
using Line = std::vector<std::string>;

namespace {

CommandSpec example_spec() {
  CommandSpec spec;
  spec.words = {"lead", "try"};
  spec.arguments = {{.name = "RECORD"}, {.name = "TERM", .required = false, .repeated = true}};
  spec.options = {
      {.name = "sort", .value = "KEYS", .type = ValueType::text},
      {.name = "limit", .value = "N", .type = ValueType::count},
      {.name = "change", .value = "N", .type = ValueType::integer},
      {.name = "field", .value = "NAME=VALUE", .type = ValueType::text, .repeated = true},
      {.name = "if-exists",
       .value = "WHAT",
       .type = ValueType::choice,
       .choices = {"update", "skip", "fail"}},
      {.name = "keep-going"},
  };
  return spec;
}

Arguments read(const Line& line) {
  return parse(std::make_shared<const CommandSpec>(example_spec()), line, {});
}

// What a person sees of the failure.
std::string fault(const Line& line) {
  try {
    read(line);
  } catch (const crm::Error& error) {
    CHECK(error.code() == crm::ErrorCode::usage);
    return error.message() + (error.hint().empty() ? "" : "; " + error.hint());
  }
  return "no fault";
}

}  // namespace

TEST_CASE("options and arguments in any order") {
  const Arguments arguments =
      read({"--limit", "5", "42", "-o", "json", "stage=new", "--keep-going", "+vip", "amount>=5000"});
  CHECK(arguments.argument("RECORD") == "42");
  CHECK(arguments.arguments("TERM") == Line{"stage=new", "+vip", "amount>=5000"});
  CHECK(arguments.integer("limit") == 5);
  CHECK(arguments.text("output") == "json");
  CHECK(arguments.has("keep-going"));
  CHECK_FALSE(arguments.has("dry-run"));
  CHECK(arguments.text("sort") == std::nullopt);
}

TEST_CASE("values that look like something else") {
  CHECK(read({"1", "--sort", "-amount"}).text("sort") == "-amount");
  CHECK(read({"1", "--sort=-amount"}).text("sort") == "-amount");
  CHECK(read({"1", "--sort", "+3d"}).text("sort") == "+3d");
  CHECK(read({"1", "--sort", "[a,b]"}).text("sort") == "[a,b]");
  CHECK(read({"1", "--sort="}).text("sort") == "");
  CHECK(read({"1", "--sort=", "x"}).arguments("TERM") == Line{"x"});
  CHECK(read({"1", "--sort", ""}).text("sort") == "");
  CHECK(read({"1", "--sort", "--limit"}).text("sort") == "--limit");
  CHECK(read({"1", "--change", "-5"}).integer("change") == -5);
  CHECK(read({"1", "-ojson"}).text("output") == "json");
  CHECK(read({"1", "-qvn"}).has("dry-run"));
  CHECK(read({"1", "--sort", "a=b=c"}).text("sort") == "a=b=c");
}

TEST_CASE("words that are no options") {
  CHECK(read({"-"}).argument("RECORD") == "-");
  CHECK(read({"-5"}).argument("RECORD") == "-5");
  CHECK(read({"1", "[VIP]", "++", "/x", "a:b", "{}"}).arguments("TERM") ==
        Line{"[VIP]", "++", "/x", "a:b", "{}"});
  CHECK(read({"--", "--limit", "-x"}).arguments("TERM") == Line{"-x"});
  CHECK(read({"1", "--", "--"}).arguments("TERM") == Line{"--"});
}

TEST_CASE("the last of a single option counts, a repeated one adds up") {
  CHECK(read({"1", "--limit", "1", "--limit", "2"}).integer("limit") == 2);
  CHECK(read({"1", "--field", "a=1", "--field=b="}).texts("field") == Line{"a=1", "b="});
  CHECK(read({"1", "-o", "csv", "-o", "json"}).text("output") == "json");
}

TEST_CASE("a number is decimal") {
  CHECK(read({"1", "--limit", "010"}).integer("limit") == 10);
  CHECK(parse_integer("9223372036854775807") == INT64_MAX);
  CHECK(parse_integer("+3") == 3);
  for (const char* text :
       {"", "+", "-", "+-3", "1e3", "0x10", "1.0", " 1", "1 ", "9223372036854775808", "１"}) {
    CAPTURE(text);
    CHECK(parse_integer(text) == std::nullopt);
  }
}

TEST_CASE("what is wrong is said in one line") {
  CHECK(fault({"1", "--limit", "abc"}) == "'--limit' takes a whole number, not 'abc'");
  CHECK(fault({"1", "--limit", "-1"}) == "'--limit' takes no negative number: '-1'");
  CHECK(fault({"1", "--limt", "3"}) == "unknown option '--limt'; did you mean '--limit'?");
  CHECK(fault({"1", "--frobnicate=3"}) == "unknown option '--frobnicate'; see 'crm lead try --help'");
  CHECK(fault({"1", "-z"}) == "unknown option '-z'; see 'crm lead try --help'");
  CHECK(fault({"1", "--limit"}) == "option '--limit' needs a value N; see 'crm lead try --help'");
  CHECK(fault({"1", "-o"}) == "option '--output' needs a value FORMAT; see 'crm lead try --help'");
  CHECK(fault({"1", "-qo"}) == "option '--output' needs a value FORMAT; see 'crm lead try --help'");
  CHECK(fault({"1", "--keep-going=yes"}) == "option '--keep-going' takes no value");
  CHECK(fault({"1", "-o", "jsn"}) == "'--output' does not take 'jsn'; did you mean 'json'?");
  CHECK(fault({"1", "--if-exists", "zzzzzz"}) ==
        "'--if-exists' does not take 'zzzzzz'; it takes 'update', 'skip' and 'fail'");
  CHECK(fault({}) == "argument RECORD is missing; usage: crm lead try RECORD [TERM...] [OPTIONS]");
  CHECK(fault({"1", "--limit", "\x1b[31m"}) == "'--limit' takes a whole number, not '\\x1b[31m'");
  CHECK(fault({"1", "--\x1b]0;x"}) == "unknown option '--\\x1b]0;x'; see 'crm lead try --help'");
}

TEST_CASE("an argument too many") {
  const auto spec = std::make_shared<CommandSpec>();
  spec->words = {"status"};
  CHECK_THROWS_WITH_AS(parse(spec, {"now"}, {}), "unexpected argument 'now'", crm::Error);
}

TEST_CASE("a line has nothing of the line before") {
  const auto spec = std::make_shared<const CommandSpec>(example_spec());
  CHECK(parse(spec, {"1", "--limit", "3", "--keep-going"}, {}).integer("limit") == 3);
  const Arguments next = parse(spec, {"2", "-q"}, {});
  CHECK(next.argument("RECORD") == "2");
  CHECK_FALSE(next.has("limit"));
  CHECK_FALSE(next.has("keep-going"));
  CHECK_THROWS_AS(parse(spec, {"3", "--limit", "x"}, {}), crm::Error);
  CHECK(parse(spec, {"4", "--limit", "5", "--limit", "6"}, {}).integer("limit") == 6);
}

TEST_CASE("invalid UTF-8 is refused") {
  CHECK_NOTHROW(check_utf8({"王芳", "é", ""}));
  CHECK_THROWS_WITH_AS(check_utf8({"ok", "a\xff"}), "argument 'a\\xff' is not valid UTF-8", crm::Error);
  CHECK_THROWS_AS(check_utf8({"\xed\xa0\x80"}), crm::Error);
}

TEST_CASE("options of the workflow are looked up only when the line has an unknown one") {
  const auto spec = std::make_shared<CommandSpec>(example_spec());
  spec->field_options = true;
  int asked = 0;
  const MoreOptions more = [&](const Arguments& known) {
    ++asked;
    CHECK(known.text("db") == "x.db");
    return std::vector<OptionSpec>{
        {.name = "budget", .value = "AMOUNT", .type = ValueType::text, .field = "budget"}};
  };
  parse(spec, {"1", "--db", "x.db", "--limit", "1"}, more);
  CHECK(asked == 0);
  CHECK(parse(spec, {"1", "--budget", "-5", "--db", "x.db"}, more).text("budget") == "-5");
  CHECK(asked == 1);
  CHECK_THROWS_WITH_AS(parse(spec, {"1", "--db", "x.db", "--budgte", "1"}, more), "unknown option '--budgte'",
                       crm::Error);
}

TEST_CASE("the words of a command stand before its own options") {
  const auto words = [](const Line& line) {
    Line found;
    for (const std::size_t at : leading_words(line)) found.push_back(line[at]);
    return found;
  };
  CHECK(words({"lead", "list", "stage=new", "x"}) == Line{"lead", "list", "stage=new"});
  CHECK(words({"--db", "a.db", "lead", "-q", "list"}) == Line{"lead", "list"});
  CHECK(words({"-o", "json", "lead"}) == Line{"lead"});
  CHECK(words({"-ojson", "--db=x", "lead"}) == Line{"lead"});
  CHECK(words({"-qo", "json", "lead"}) == Line{"lead"});
  CHECK(words({"lead", "--owner", "li", "list"}) == Line{"lead"});
  CHECK(words({"--version"}).empty());
  CHECK(words({"--db"}).empty());
}
