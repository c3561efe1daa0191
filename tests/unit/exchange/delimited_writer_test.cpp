#include "exchange/delimited_writer.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace {

std::string csv(const std::vector<std::string_view>& cells, char delimiter = ',') {
  std::string out;
  crm::append_csv_record(out, cells, delimiter);
  return out;
}

std::string tsv(std::string_view text) {
  std::string out;
  crm::append_tsv_cell(out, text);
  return out;
}

}  // namespace

TEST_CASE("a cell is quoted only where it must be") {
  CHECK(csv({"a", "b c", "", "张"}) == "a,b c,,张\n");
  CHECK(csv({"a,b", "x\"y", "1\n2", "1\r", "\"\""}) == "\"a,b\",\"x\"\"y\",\"1\n2\",\"1\r\",\"\"\"\"\"\"\n");
  CHECK(csv({"a;b", "c\td", "e|f", "g\\h"}) == "a;b,c\td,e|f,g\\h\n");
  CHECK(csv({"a;b", "c,d"}, ';') == "\"a;b\";c,d\n");
  CHECK(csv({"a\tb", "c"}, '\t') == "\"a\tb\"\tc\n");
}

TEST_CASE("one empty cell is not an empty line") {
  CHECK(csv({""}) == "\"\"\n");
  CHECK(csv({"", ""}) == ",\n");
}

TEST_CASE("a cell of tab-separated values stays on its line") {
  CHECK(tsv("a, \"b\"; c") == "a, \"b\"; c");
  CHECK(tsv("a\tb\nc\rd\\e") == "a\\tb\\nc\\rd\\\\e");
  CHECK(tsv("") == "");
}
