#include "exchange/merged_cells.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "crm/error.h"
#include "exchange/row_source.h"
#include "unit/exchange/small_workbook.h"

namespace {

using Rows = std::vector<std::vector<std::string>>;

// "-": no cell at all, "": one without a value.
std::string sheet_of(const Rows& rows) {
  std::string inside;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::string number = std::to_string(i + 1);
    inside += "<row r=\"" + number + "\">";
    for (std::size_t j = 0; j < rows[i].size(); ++j) {
      const std::string cell = "<c r=\"" + crm::column_letters(j) + number + "\" t=\"str\"";
      if (rows[i][j] == "-") continue;
      inside += rows[i][j].empty() ? cell + "/>" : cell + "><v>" + rows[i][j] + "</v></c>";
    }
    inside += "</row>";
  }
  return inside;
}

// The rows behind the headings, cells joined by '|', then what is told.
std::vector<std::string> read(const crm::test::SmallWorkbook& workbook,
                              const crm::RowSourceOptions& options = {}) {
  const crm::test::ScratchFile file(workbook.bytes());
  const auto source = crm::open_rows(file.path(), options);
  std::vector<std::string> rows;
  crm::InputRow row;
  while (source->next(row)) {
    std::string& text = rows.emplace_back(std::to_string(row.line));
    for (const crm::InputField& field : row.fields) text.append("|").append(field.text);
  }
  for (const std::string& told : source->warnings()) rows.push_back(told);
  return rows;
}

std::vector<std::string> regions(const std::vector<std::string>& pieces) {
  crm::MergedRegions found;
  for (const std::string& piece : pieces) found.take(piece);
  std::vector<std::string> told;
  for (const crm::MergedRegion& region : found.sorted())
    told.push_back(crm::column_letters(region.column) + std::to_string(region.first_row) + ":" +
                   std::to_string(region.last_row));
  return told;
}

}  // namespace

TEST_CASE("each row of merged cells has the value of the first") {
  for (const std::string covered : {"", "-"}) {
    CAPTURE(covered);
    crm::test::SmallWorkbook workbook;
    workbook.sheets = {{"S", sheet_of({{"company", "name", "note"},
                                       {"A", "x", "1"},
                                       {covered, "y", covered},
                                       {covered, "z", "own"},
                                       {"B", covered, "2"},
                                       {covered, "w", covered},
                                       {covered, covered, covered},
                                       {"C", covered, covered},
                                       {covered, "v", covered}})}};
    workbook.merged = {"A5:B6", "A2:A4", "C2:C4", "A8:C8", "A7:C7", "B1:B1"};
    CHECK(read(workbook) ==
          std::vector<std::string>{"2|A|x|1", "3|A|y|1", "4|A|z|own", "5|B||2", "6|B|w|", "8|C||", "9||v|",
                                   "gave 4 cells the value above with which they are merged, such as A3"});
  }
}

TEST_CASE("headings in two rows, of which some are merged, are one row of headings") {
  crm::test::SmallWorkbook workbook;
  workbook.sheets = {
      {"S",
       sheet_of({{"Title", "-", "-"}, {"name", "reach", "-"}, {"-", "phone", "email"}, {"x", "1", "2"}})}};
  workbook.merged = {"A1:C1", "A2:A3", "B2:C2"};
  crm::RowSourceOptions options;
  options.is_heading = [](std::string_view heading) {
    return heading == "name" || heading == "phone" || heading == "email";
  };
  const crm::test::ScratchFile file(workbook.bytes());
  CHECK(crm::open_rows(file.path(), options)->headings() ==
        std::vector<std::string>{"name", "phone", "email"});
}

TEST_CASE("in a large sheet merged cells are looked for where one without a value is met") {
  for (const bool with_cells : {true, false}) {
    CAPTURE(with_cells);
    Rows rows{{"company", "name"}};
    for (int i = 0; i < 20'000; ++i) rows.push_back({"A company of some length " + std::to_string(i), "x"});
    rows.push_back({"last", "y"});
    rows.push_back({with_cells ? "" : "-", "z"});
    crm::test::SmallWorkbook workbook;
    workbook.sheets = {{"S", sheet_of(rows)}};
    workbook.merged = {"A20002:A20003"};
    const std::vector<std::string> read_rows = read(workbook);
    REQUIRE(read_rows.size() == 20'003);
    CHECK(read_rows[20'000] == "20002|last|y");
    CHECK(read_rows[20'001] == (with_cells ? "20003|last|z" : "20003||z"));
    CHECK(read_rows.back() ==
          (with_cells
               ? "gave 1 cell the value above with which they are merged, such as A20003"
               : "left cells empty that are merged with those above, such as in A20002:A20003: unmerge "
                 "them in the spreadsheet if each row has the value"));
  }
}

TEST_CASE("regions are found in a sheet's text wherever it is cut") {
  const std::string text =
      "<c><v>mergeCell ref=\"A1:A9\"</v></c><x:mergeCells count='3'><x:mergeCell  xref=\"Z1:Z2\"\n ref = "
      "'B3:C4'/><x:mergeCell ref=\"D2:D3\"></x:mergeCell><mergeCell ref=\"E5:F5\"/><mergeCell ref=\"5:6\"/>"
      "<mergeCell/><mergeCell ref=\"G1:G9999999\"/></x:mergeCells>";
  for (std::size_t cut = 0; cut <= text.size(); ++cut)
    CHECK(regions({text.substr(0, cut), text.substr(cut)}) == std::vector<std::string>{"D2:3", "B3:4"});
  CHECK(regions({"<mergeCell " + std::string(100'000, ' '), "ref=\"A1:A2\"/><mergeCell ref=\"A1:A3\"/>"}) ==
        std::vector<std::string>{"A1:3"});
}

TEST_CASE("rows of much text come each once, and a reader may leave early") {
  constexpr int kRows = 40;
  Rows rows{{"note", "name"}, {std::string(300'000, 'x'), "n2"}};
  for (int i = 3; i <= kRows; ++i) rows.push_back({"-", "n" + std::to_string(i)});
  crm::test::SmallWorkbook workbook;
  workbook.sheets = {{"S", sheet_of(rows)}};
  workbook.merged = {"A2:A1048576"};
  const crm::test::ScratchFile file(workbook.bytes());
  for (const int most : {kRows, 1, 5, 20}) {
    CAPTURE(most);
    const auto source = crm::open_rows(file.path());
    crm::InputRow row;
    int number = 1;
    while (number < most && source->next(row)) {
      ++number;
      REQUIRE(row.fields.size() == 2);
      CHECK(row.fields[0].text.size() == 300'000);
      CHECK(row.fields[1].text == "n" + std::to_string(number));
    }
    CHECK(number == most);
    if (most == kRows) CHECK_FALSE(source->next(row));
  }
}

TEST_CASE("merged cells that stand for very much are refused") {
  std::string inside = sheet_of({{"note", "name"}, {std::string(1'000'000, 'x'), "a"}});
  for (int row = 3; row < 400; ++row) inside += "<row><c/><c><v>1</v></c></row>";
  crm::test::SmallWorkbook workbook;
  workbook.sheets = {{"S", inside}};
  workbook.merged = {"A2:A1048576"};
  const crm::test::ScratchFile file(workbook.bytes());
  const auto source = crm::open_rows(file.path());
  const auto read_all = [&] {
    for (crm::InputRow row; source->next(row);) continue;
  };
  CHECK_THROWS_WITH_AS(read_all(), doctest::Contains("merged cells that stand for more than 256 MiB"),
                       crm::Error);
}
