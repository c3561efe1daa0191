#include "exchange/row_source.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "unit/exchange/memory_bytes.h"
#include "unit/exchange/told.h"
#include "unit/source_directory.h"

using crm::InputRow;
using crm::RowSource;

namespace {

std::unique_ptr<RowSource> open(const std::string& text, const std::string& file = "a.csv",
                                const crm::RowSourceOptions& options = {}) {
  return crm::open_rows(crm::test::memory_bytes(text), file, options);
}

// "heading=text" of what is given; a list as heading=[a b]; a fault as its description.
std::vector<std::string> rows(RowSource& source) {
  std::vector<std::string> out;
  InputRow row;
  while (source.next(row)) {
    std::string& line = out.emplace_back(std::to_string(row.line) + ":");
    if (row.fault) {
      line += " " + crm::describe(*row.fault, false);
      continue;
    }
    REQUIRE(row.fields.size() == source.headings().size());
    for (std::size_t i = 0; i < row.fields.size(); ++i) {
      const crm::InputField& field = row.fields[i];
      if (!field.given) continue;
      line += " " + source.headings()[i] + "=" + std::string(field.text);
      if (field.items.empty()) continue;
      line += '[';
      for (const auto item : field.items) line += std::string(item) + ' ';
      line.back() = ']';
    }
  }
  return out;
}

std::vector<std::string> rows(const std::string& text, const std::string& file = "a.csv") {
  return rows(*open(text, file));
}

// What the file is refused for as a whole.
std::string refusal(const std::string& text, const std::string& file) {
  try {
    (void)rows(text, file);
  } catch (const crm::Error& error) {
    CHECK(error.code() == crm::ErrorCode::invalid);
    return crm::test::told(error);
  }
  return {};
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("rows of a CSV file stand under its headings") {
  CHECK(rows("a,b,c\n1,2,3\n4,5\n\n,,\n6,,\"\"\n") == Lines{"2: a=1 b=2 c=3", "3: a=4 b=5", "6: a=6 b= c="});
  CHECK(rows(",,\n\na,b\n1,2,,\n") == Lines{"4: a=1 b=2"});
  CHECK(rows("a,b\n") == Lines{});
  CHECK(refusal("\n\n", "a.csv") == "'a.csv' has no headings");
}

TEST_CASE("a row with more fields than headings is at fault, the next one is not") {
  CHECK(rows("a,b\n1,2,3\n4,5\n") == Lines{"2: a.csv:2:5: the row has 3 fields, but there are 2 headings; "
                                           "put a field that holds the delimiter in quotes",
                                           "3: a=4 b=5"});
}

TEST_CASE("formula guards are taken off") {
  CHECK(rows("a,b\n'=1+1,''=x\n'abc,'+86 138\n") == Lines{"2: a==1+1 b='=x", "3: a='abc b='+86 138"});
}

TEST_CASE("the format is chosen by option, extension and content") {
  using crm::RowFormat;
  CHECK(open("{\"a\":1}\n", "x.txt")->format() == RowFormat::json);
  CHECK(open("  [\n{\"a\":1}]", "-")->format() == RowFormat::json);
  CHECK(open("[a],b\n", "-")->format() == RowFormat::csv);
  CHECK(open("{a},b\n", "dir.json/x.CSV")->format() == RowFormat::csv);
  CHECK(open("{\"a\":1}\n", "x.jsonl")->format() == RowFormat::json);
  CHECK(open("a,b\tc\n", "x.tsv")->delimiter() == '\t');
  CHECK(open("a;b\n", "x.csv")->delimiter() == ';');
  CHECK_THROWS_WITH(open("- a: 1\n", "x.yaml"), "rows are not read from YAML");
  crm::RowSourceOptions options;
  options.format = RowFormat::csv;
  CHECK(open("a,b\n", "x.yml", options)->format() == RowFormat::csv);
  options.delimiter = '|';
  CHECK(open("{\"a\"|1\n", "-", options)->headings() == Lines{"{\"a\"", "1"});
}

TEST_CASE("JSON lines: keys are headings, values keep their text") {
  CHECK(rows("{\"name\":\"王芳\",\"amount\":1.50,\"tags\":[\"a\",\"b c\",3]}\n"
             "\n"
             "{\"amount\":-0,\"x\":true,\"name\":null,\"big\":123456789012345678901234567890,\"e\":1E5}\r\n"
             "{}\n"
             "{ \"name\" : \"a\\n\\u738b\\uD83D\\uDE00\\\"\\/\", \"tags\": [] }",
             "x.jsonl") == Lines{"1: name=王芳 amount=1.50 tags=[a b c 3]",
                                 "3: name= amount=-0 x=true big=123456789012345678901234567890 e=1E5",
                                 "4:", "5: name=a\n王😀\"/ tags="});
}

TEST_CASE("a JSON array of objects is read object by object") {
  CHECK(rows("[\n  {\n    \"a\": \"}]\\\"\"\n  },\n  {\"b\": 2} ]\n", "x.json") ==
        Lines{"2: a=}]\"", "5: b=2"});
  CHECK(rows("[]", "x.json") == Lines{});
  CHECK(rows("", "x.jsonl") == Lines{});
  CHECK(refusal("", "x.json") == "'x.json' holds no JSON value");
  CHECK(refusal("[{\"a\":1} {\"a\":2}]", "x.json") == "x.json:1: ',' or ']' is expected behind an object");
  CHECK(refusal("[{\"a\":1},\n]", "x.json") == "x.json:2: a value is expected in the array");
  CHECK(refusal("[\n{\"a\":1", "x.json") == "x.json:2: the value that begins here is never closed");
  CHECK(refusal("[{}]\n[", "x.json") == "x.json:2: unexpected text behind the array");
}

TEST_CASE("a faulty JSON line is named with its place, and reading goes on") {
  const auto fault = [](const std::string& line) { return rows(line + "\n{\"a\":1}\n", "x.jsonl"); };
  const auto is = [&fault](const std::string& line, const std::string& message) {
    CAPTURE(line);
    CHECK(fault(line) == Lines{"1: x.jsonl:1:" + message, "2: a=1"});
  };
  is("{\"王\": nul}", "7: a value is expected");
  is("{\"a\": [[1}", "10: ',' or ']' is expected");
  is("{\"a\": 007}", "7: this is no JSON number");
  is("{\"a\": 1.}", "7: this is no JSON number");
  is("{\"a\": -}", "7: this is no JSON number");
  is("{\"a\": 1,}", "9: a key in double quotes is expected");
  is("{\"a\" 1}", "6: ':' is expected");
  is("{\"a\": 1} x", "10: unexpected text behind the value");
  is("{\"a\": \"\\ud800\"}", "8: this escape stands for no character");
  is("{\"a\": \"\\u0000\"}", "7: a text with a NUL character, written \\u0000");
  CHECK(rows("{\"a\\u0000\":1,\"b\":[[\"\\u0000\"]]}\n", "x.jsonl").front().starts_with("1: a"));
  is("{\"a\": \"\\x\"}", "8: unknown escape in a text");
  is("{\"a\": \"\t\"}", "8: a control character in a text");
  is("{\"a\": \"x}", "7: the quote opened here is never closed");
  is("{", "2: a key in double quotes is expected; is the file cut off?");
  is("42", "1: a row is an object '{…}', not another value");
}

TEST_CASE("JSON of every depth: objects inside are taken apart, lists of lists stay text") {
  CHECK(rows("{\"id\":\"1\",\"properties\":{\"email\":\"a@b\",\"x\":{\"y\":2},\"none\":{}}}", "x.jsonl") ==
        Lines{"1: id=1 properties.email=a@b properties.x.y=2 properties.none="});
  CHECK(rows("{\"a\":[1,null,2],\"b\":[[1],{\"c\":null}]}", "x.jsonl") ==
        Lines{"1: a=[1 2] b=[[1],{\"c\":null}]"});
  CHECK(rows("{\"a\":1,\"a\":2}", "x.jsonl") == Lines{"1: a=2"});
  CHECK(rows("{\n \"a\": 1\n}\n\n{\"a\":\n2}\n{\"a\":3}", "x.jsonl") == Lines{"1: a=1", "5: a=2", "7: a=3"});
  const auto nested = [](int depth) {
    return "{\"a\":" + std::string(static_cast<std::size_t>(depth), '[') +
           std::string(static_cast<std::size_t>(depth), ']') + "}";
  };
  CHECK(rows(nested(63), "x.jsonl").front().starts_with("1: a="));
  CHECK(rows(nested(64), "x.jsonl").front().ends_with("more than 64 levels of nesting"));
  CHECK(refusal("[" + std::string(100'000, '['), "x.json") ==
        "x.json:1: the value that begins here is never closed");
}

TEST_CASE("the JSON test suite: what must be taken is taken, what must be refused is refused") {
  const auto folder = crm::test::shared_data("JSONTestSuite/test_parsing");
  if (!folder) return;
  for (const auto& entry : std::filesystem::directory_iterator(*folder)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("i_")) continue;
    CAPTURE(name);
    bool refused = false;
    try {
      const auto source = crm::open_rows(entry.path().string());
      InputRow row;
      while (source->next(row)) {
        const bool only_shape = row.fault && (row.fault->message.starts_with("a row is an object") ||
                                              row.fault->message.starts_with("a text with a NUL"));
        refused = refused || (row.fault && !only_shape);
      }
    } catch (const crm::Error& error) {
      refused = error.code() == crm::ErrorCode::invalid;
    }
    CHECK(refused == name.starts_with("n_"));
  }
}

TEST_CASE("a field of a row has a place") {
  const auto csv = open("h1,h2\n张伟,\"x\"\n");
  CHECK(csv->place(1).column == 4);
  InputRow row;
  REQUIRE(csv->next(row));
  CHECK(csv->place(1).line == 2);
  CHECK(csv->place(1).column == 4);
  CHECK(csv->line_text(1) == "张伟,\"x\"");
  const auto json = open("{\"名\":\"张伟\",\"b\":2}\n{\"b\":3}\n", "x.jsonl");
  REQUIRE(json->next(row));
  CHECK(json->place(1).column == 15);
  REQUIRE(json->next(row));
  CHECK(json->place(1).line == 2);
  CHECK(json->place(1).column == 6);
  CHECK(json->place(0).column == 1);
}

TEST_CASE("a file that is not there, and a directory") {
  try {
    (void)crm::open_rows("/no/such/file.csv");
    FAIL("no error");
  } catch (const crm::Error& error) {
    CHECK(error.code() == crm::ErrorCode::not_found);
    CHECK(error.message() == "there is no file '/no/such/file.csv'");
  }
  try {
    (void)crm::open_rows("/tmp");
    FAIL("no error");
  } catch (const crm::Error& error) {
    CHECK(error.code() == crm::ErrorCode::io);
  }
}
