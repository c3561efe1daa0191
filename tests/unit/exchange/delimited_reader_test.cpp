#include "exchange/delimited_reader.h"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

#include "exchange/delimited_writer.h"
#include "exchange/fault.h"
#include "unit/exchange/memory_bytes.h"
#include "unit/exchange/told.h"

using Rows = std::vector<std::vector<std::string>>;

namespace {

Rows read(const std::string& text, std::optional<char> delimiter = std::nullopt) {
  crm::TextReader reader(crm::test::memory_bytes(text), "a.csv", "UTF-8");
  crm::DelimitedReader csv(reader, delimiter);
  Rows rows;
  while (csv.next()) {
    if (csv.fault()) crm::throw_fault(*csv.fault());
    rows.emplace_back(csv.fields().begin(), csv.fields().end());
  }
  return rows;
}

std::string fault(const std::string& text, std::optional<char> delimiter = ',') {
  try {
    (void)read(text, delimiter);
  } catch (const crm::Error& error) {
    CHECK(error.code() == crm::ErrorCode::invalid);
    CHECK(error.problems().size() == 1);
    return crm::test::told(error);
  }
  return {};
}

}  // namespace

TEST_CASE("records and fields by RFC 4180") {
  CHECK(read("A,b,c") == Rows{{"A", "b", "c"}});
  CHECK(read("A,b\nd,E\n") == Rows{{"A", "b"}, {"d", "E"}});
  CHECK(read("A,b\r\nd,E\r\n") == Rows{{"A", "b"}, {"d", "E"}});
  CHECK(read("A,b\rd,E\r") == Rows{{"A", "b"}, {"d", "E"}});
  CHECK(read("a,\tb ,c") == Rows{{"a", "\tb ", "c"}});
  CHECK(read("A,\"B,B\",C") == Rows{{"A", "B,B", "C"}});
  CHECK(read("A,\"B\nB\",\"C\r\nC\rC\"\nx,y,z") == Rows{{"A", "B\nB", "C\r\nC\rC"}, {"x", "y", "z"}});
  CHECK(read("A,\"B\"\"B\"\"B\",\"\"\"C\"\"\"") == Rows{{"A", "B\"B\"B", "\"C\""}});
  CHECK(read("\"1\",\"cnonce=\"\"\"\",nc=\"\"\"\"\",\"2\"") == Rows{{"1", "cnonce=\"\",nc=\"\"", "2"}});
  CHECK(read("a,b,\"\"\n\"\",,c,\n") == Rows{{"a", "b", ""}, {"", "", "c", ""}});
  CHECK(read(",") == Rows{{"", ""}});
  CHECK(read("") == Rows{});
  CHECK(read("\n\r\n\r") == Rows{});
  CHECK(read("\r\n\r\na\n\n\nb\n\n") == Rows{{"a"}, {"b"}});
}

TEST_CASE("quotes inside an unquoted field are text") {
  CHECK(read("A,B\",C") == Rows{{"A", "B\"", "C"}});
  CHECK(read("A,B \"B\",C") == Rows{{"A", "B \"B\"", "C"}});
  CHECK(read("A, \"B\" ,C") == Rows{{"A", " \"B\" ", "C"}});
}

TEST_CASE("what is malformed is named with its place") {
  CHECK(fault("a,b\nc,\"d,e\nf,g") == "a.csv:2:3: the quote opened here is never closed");
  CHECK(fault("a,\"b\"c,d\ne,f,g") == "a.csv:1:6: text after the closing quote of a field");
  CHECK(fault("a\n\"x\ny\",张,\"b\" ,d\n") == "a.csv:3:9: text after the closing quote of a field");
  CHECK(fault("a,\"") == "a.csv:1:3: the quote opened here is never closed");
  CHECK(fault("a\n" + std::string(10'000, ',')) == "a.csv:2:10001: more than 10,000 fields in a record");
  CHECK(fault("a\n" + std::string(9'999, ',')).empty());
  const std::string mebibyte(std::size_t{1} << 20, 'x');
  CHECK(fault("a\nb," + mebibyte).empty());
  CHECK(fault("a\nb," + mebibyte + "x") == "a.csv:2:3: a field of more than 1 MiB begins here");
  CHECK(fault("a\nb," + mebibyte + mebibyte + mebibyte + "\n") ==
        "a.csv:2:3: a field of more than 1 MiB begins here");
  CHECK(fault("a\nb,\"" + mebibyte + "\n" + mebibyte + mebibyte) ==
        "a.csv:2:3: a field in quotes of more than 1 MiB begins here");
  std::string record;
  for (int i = 0; i < 17; ++i) record += mebibyte + ",";
  CHECK(fault("a\n" + record) == "a.csv:2:1: a record of more than 16 MiB begins here");
}

TEST_CASE("quotes at fault spoil their own record, not those behind it") {
  const auto lines = [](const std::string& text) {
    crm::TextReader reader(crm::test::memory_bytes(text), "a.csv", "UTF-8");
    crm::DelimitedReader csv(reader, ',');
    std::vector<std::string> out;
    while (csv.next()) {
      out.push_back(std::to_string(csv.line()) + (csv.fault() ? " fault: " : ": ") +
                    std::string(csv.record()));
      CHECK(csv.fields().empty() == csv.fault().has_value());
    }
    return out;
  };
  using Lines = std::vector<std::string>;
  CHECK(lines("a,b\n\"x\"y,1\r\nc,d\n") == Lines{"1: a,b", "2 fault: \"x\"y,1", "3: c,d"});
  CHECK(lines("a,b\n\"x\ny\"z,1\nc,d") == Lines{"1: a,b", "2 fault: \"x\ny\"z,1", "4: c,d"});
  CHECK(lines("a,b\nc,\"d\ne,f\n\ng,h\n") == Lines{"1: a,b", "2 fault: c,\"d", "3: e,f", "5: g,h"});
  CHECK(lines("a,\"") == Lines{"1 fault: a,\""});
  CHECK(lines("a,\"x\"y") == Lines{"1 fault: a,\"x\"y"});
}

TEST_CASE("a fault carries the line it lies in") {
  try {
    (void)read("a\n\"x\ny\",张,\"b\" ,d\nnext");
    FAIL("no error");
  } catch (const crm::Error& error) {
    CHECK(error.problems().front().line_text == "y\",张,\"b\" ,d");
  }
}

TEST_CASE("places are lines and columns in characters") {
  crm::TextReader text(crm::test::memory_bytes("h1,h2\n\n张伟,\"二\n行\",x\r\ny,z\n"), "a.csv");
  crm::DelimitedReader csv(text, ',');
  REQUIRE(csv.next());
  CHECK(csv.line() == 1);
  REQUIRE(csv.next());
  CHECK(csv.line() == 3);
  CHECK(csv.record() == "张伟,\"二\n行\",x");
  CHECK(csv.place(1).line == 3);
  CHECK(csv.place(1).column == 4);
  CHECK(csv.place(2).line == 4);
  CHECK(csv.place(2).column == 4);
  CHECK(csv.line_text(2) == "行\",x");
  REQUIRE(csv.next());
  CHECK(csv.line() == 5);
  CHECK(csv.place(7).column == 4);
  CHECK_FALSE(csv.next());
}

TEST_CASE("the delimiter is the one that divides the first records alike") {
  CHECK(crm::detect_delimiter("a,b,c\n1,2,3\n") == ',');
  CHECK(crm::detect_delimiter("a;b;c\n1,5;2,5;3,5\n") == ';');
  CHECK(crm::detect_delimiter("a\tb\n1,2\t3\n") == '\t');
  CHECK(crm::detect_delimiter("a|b|c\nx, y|2|3\n") == '|');
  CHECK(crm::detect_delimiter("Name, first;Phone\nLi, Wang;1\nWang;2\n") == ';');
  CHECK(crm::detect_delimiter("\"a;b;c\",d\n\"1;\n2;\",3\n") == ',');
  CHECK(crm::detect_delimiter("name\nx\n") == ',');
  CHECK(crm::detect_delimiter("") == ',');
  CHECK(crm::detect_delimiter("sep=|\na;b\n") == '|');
  CHECK(read("sep=;\r\na,b;c\r\n1;2\r\n") == Rows{{"a,b", "c"}, {"1", "2"}});
}

TEST_CASE("what is written is read back, whatever it holds and however the bytes come in") {
  std::mt19937 random(7);
  const std::vector<std::string> pieces = {"a", "\"",   ",",   "\n", "\r", "\r\n", "张",
                                           " ", "\"\"", "x,y", "😀",  "\t", ";"};
  for (int round = 0; round < 300; ++round) {
    const char delimiter = ",;\t|"[random() % 4];
    const std::size_t columns = 1 + random() % 5;
    Rows rows;
    std::string text;
    for (std::size_t row = 0; row < random() % 30; ++row) {
      std::vector<std::string> cells(columns);
      for (std::string& cell : cells) {
        for (std::size_t i = random() % 6; i > 0; --i) cell += pieces[random() % pieces.size()];
      }
      const std::vector<std::string_view> views(cells.begin(), cells.end());
      crm::append_csv_record(text, views, delimiter);
      rows.push_back(cells);
    }
    crm::TextReader reader(std::make_unique<crm::test::MemoryBytes>(
                               text, [&random] { return 1 + random() % 9; }, round % 2 == 0),
                           "a.csv", "UTF-8");
    crm::DelimitedReader csv(reader, delimiter, 64);
    Rows back;
    while (csv.next()) back.emplace_back(csv.fields().begin(), csv.fields().end());
    CAPTURE(text);
    CHECK(back == rows);
  }
}

TEST_CASE("any text gives the same rows or the same fault at any block size") {
  std::mt19937 random(11);
  const std::string alphabet = "ab\"\",,\n\r\r\n";
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    for (std::size_t i = random() % 200; i > 0; --i) text += alphabet[random() % alphabet.size()];
    const auto outcome = [&text](std::size_t capacity, std::size_t block) {
      crm::TextReader reader(crm::test::memory_bytes(text, block), "a.csv", "UTF-8");
      std::string out;
      try {
        crm::DelimitedReader csv(reader, ',', capacity);
        while (csv.next()) {
          out += std::to_string(csv.line()) + '[';
          if (csv.fault()) out += std::string(csv.record()) + describe(*csv.fault(), false);
          for (const auto field : csv.fields()) out += std::string(field) + '|';
        }
      } catch (const crm::Error& error) {
        out += crm::test::told(error);
      }
      return out;
    };
    CAPTURE(text);
    CHECK(outcome(64, 1 + random() % 70) == outcome(1 << 16, 1 << 16));
  }
}

TEST_CASE("lines without a character are counted, however they end and wherever a block ends") {
  const std::string text = "a\n\n\n\r\n\r\r\n\nb\n\n";
  for (std::size_t block = 1; block <= text.size(); ++block) {
    CAPTURE(block);
    crm::TextReader reader(crm::test::memory_bytes(text, block), "a.csv");
    crm::DelimitedReader csv(reader, ',', 64);
    REQUIRE(csv.next());
    CHECK(csv.line() == 1);
    REQUIRE(csv.next());
    CHECK(csv.record() == "b");
    CHECK(csv.line() == 8);
    CHECK_FALSE(csv.next());
  }
}
