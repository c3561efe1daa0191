#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "crm/error.h"
#include "crm/workbook.h"
#include "exchange/row_source.h"
#include "exchange/sheet_number.h"
#include "modules/sheet.h"
#include "unit/exchange/small_workbook.h"
#include "unit/exchange/told.h"

namespace {

using Table = std::vector<std::vector<std::string>>;

// The headings, then "line" and the cells of each row.
Table table(const crm::test::SmallWorkbook& workbook, const crm::RowSourceOptions& options = {}) {
  const crm::test::ScratchFile file(workbook.bytes());
  const auto source = crm::open_rows(file.path(), options);
  Table rows{source->headings()};
  crm::InputRow row;
  while (source->next(row)) {
    auto& cells = rows.emplace_back(1, std::to_string(row.line));
    if (row.fault) cells.push_back(row.fault->message);
    for (const crm::InputField& field : row.fields) cells.emplace_back(field.text);
  }
  for (const std::string& told : source->warnings()) rows.push_back({told});
  for (const std::string& told : source->remarks()) rows.push_back({told});
  return rows;
}

std::string refusal(const std::string& bytes) {
  const crm::test::ScratchFile file(bytes);
  try {
    const auto source = crm::open_rows(file.path());
    crm::InputRow row;
    while (source->next(row)) continue;
  } catch (const crm::Error& error) {
    CHECK(error.code() == crm::ErrorCode::invalid);
    std::string message = crm::test::told(error);
    const std::size_t at = message.find(file.path());
    if (at != std::string::npos) message.replace(at, file.path().size(), "F");
    return message;
  }
  return {};
}

std::string date(const std::string& serial, bool from_1904 = false) {
  std::string out;
  crm::append_sheet_date(out, serial, from_1904);
  return out;
}

std::string number(const std::string& text) {
  std::string out;
  crm::append_sheet_number(out, text);
  return out;
}

const std::string kStyles =
    "<numFmts><numFmt numFmtId=\"164\" formatCode=\"yyyy&quot;年&quot;m&quot;月&quot;\"/></numFmts>"
    "<cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs>"
    "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"164\"/><xf numFmtId=\"4\"/></cellXfs>";

}  // namespace

TEST_CASE("a sheet's cells of every type are read as they are seen") {
  crm::test::SmallWorkbook workbook;
  workbook.texts =
      "<si><t>name</t></si><si><r><t>张</t></r><r><rPr/><t xml:space=\"preserve\">伟 </t></r>"
      "<rPh sb=\"0\" eb=\"1\"><t>zhang</t></rPh></si><si><t>a_x000A_b_x_</t></si>";
  workbook.styles = kStyles;
  workbook.sheets = {
      {"S",
       "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"C1\" "
       "t=\"inlineStr\"><is><t>note</t></is></c></row>"
       "<row r=\"3\"><c r=\"A3\" t=\"s\"><v>1</v></c><c r=\"B3\" s=\"1\"><v>46082</v></c>"
       "<c r=\"C3\" t=\"s\"><v>2</v></c></row>"
       "<row><c t=\"b\"><v>1</v></c><c s=\"2\"><v>46082.5</v></c><c s=\"3\"><v>1.38E10</v></c></row>"
       "<row r=\"9\"><c r=\"A9\" t=\"str\"><f>B1</f><v>x</v></c><c r=\"B9\" t=\"e\"><v>#N/A</v></c>"
       "<c r=\"C9\"><f>SUM(1)</f></c></row><row r=\"10\"><c r=\"B10\" s=\"1\"/></row>"}};
  CHECK(table(workbook) == Table{{"name", "", "note"},
                                 {"3", "张伟 ", "2026-03-01", "a\nb_x_"},
                                 {"4", "true", "2026-03-01 12:00:00", "13800000000"},
                                 {"9", "x", "", ""},
                                 {"took 2 cells for empty, which hold an error or a formula that was never "
                                  "calculated, such as B9"}});
}

TEST_CASE("dates count from 1900 or 1904") {
  CHECK(date("46082") == "2026-03-01");
  CHECK(date("44620", true) == "2026-03-01");
  CHECK(date("1") == "1900-01-01");
  CHECK(date("59") == "1900-02-28");
  CHECK(date("60") == "60");
  CHECK(date("61") == "1900-03-01");
  CHECK(date("0", true) == "1904-01-01");
  CHECK(date("45631.0") == "2024-12-05");
  CHECK(date("46082.39583333334") == "2026-03-01 09:30:00");
  CHECK(date("0.5") == "12:00:00");
  CHECK(date("2958465.999999") == "2958465.999999");
  CHECK(date("2958465") == "9999-12-31");
  CHECK(date("-1") == "-1");
  CHECK(date("1e300") == "1e300");
  CHECK(date("x") == "x");
}

TEST_CASE("numbers have the digits that people see") {
  CHECK(number("0.30000000000000004") == "0.3");
  CHECK(number("45631.0") == "45631");
  CHECK(number("1.3800138E10") == "13800138000");
  CHECK(number("-0.5") == "-0.5");
  CHECK(number("007") == "7");
  CHECK(number("1e300") == "1e300");
  CHECK(number("1.005") == "1.005");
  CHECK(number("123456789012345") == "123456789012345");
  CHECK(number("110101199003071234") == "110101199003071234");
  CHECK(number("1.1010119900307123E17") == "110101199003071000");
  CHECK(number("-9.87654321098765E+14") == "-987654321098765");
  CHECK(number("1E15") == "1000000000000000");
  CHECK(number("0") == "0");
  CHECK(number("-0.0") == "0");
}

TEST_CASE("formats of dates are told from formats of numbers") {
  for (const char* code :
       {"yyyy-mm-dd", "m/d/yy h:mm", "[h]:mm:ss", "[$-804]yyyy\"年\"m\"月\"", "d.m.yy;@", "mmm"})
    CHECK(crm::is_date_format(code));
  for (const char* code :
       {"General", "0.00", "#,##0 \"days\"", "[Red]0", "@", "\\d0", "0;d", "", "_d0", "\"", "[d"})
    CHECK_FALSE(crm::is_date_format(code));
}

TEST_CASE("midnight is told where the format shows times") {
  for (const char* code : {"yyyy-mm-dd hh:mm:ss", "m/d/yy h:mm", "[h]:mm:ss", "yyyy年m月d日 h时"})
    CHECK(crm::is_time_format(code));
  for (const char* code : {"yyyy-mm-dd", "[$-804]yyyy\"年\"m\"月\"", "d.m.yy;@", "mmm", "yyyy \"h\""})
    CHECK_FALSE(crm::is_time_format(code));
  CHECK(crm::is_time_format(22));
  CHECK_FALSE(crm::is_time_format(14));
  std::string out;
  crm::append_sheet_date(out, "46082", false, true);
  CHECK(out == "2026-03-01 00:00:00");
}

TEST_CASE("sheets are chosen by name, by number, else the first visible one with rows") {
  const auto sheet = [](const std::string& heading) {
    return "<row><c t=\"inlineStr\"><is><t>" + heading + "</t></is></c><c><v>1</v></c></row>";
  };
  crm::test::SmallWorkbook workbook;
  workbook.sheets = {{"old", sheet("a")}, {"empty", ""}, {"客户", sheet("c")}, {"3", sheet("d")}};
  workbook.hidden = "old";
  CHECK(table(workbook) ==
        Table{{"c", "1"}, {"read the sheet '客户', not 'old', 'empty' and '3'; --sheet names another"}});
  crm::RowSourceOptions options;
  options.sheet = "old";
  CHECK(table(workbook, options).front().front() == "a");
  options.sheet = "3";
  CHECK(table(workbook, options).front().front() == "d");
  options.sheet = "1";
  CHECK(table(workbook, options).front().front() == "a");
  options.sheet = "nobody";
  CHECK_THROWS_AS(table(workbook, options), crm::Error);
}

TEST_CASE("notes above the headings are passed over, values without a heading are faults") {
  const std::string note = "<row><c t=\"str\"><v>Fill in all * columns</v></c></row>";
  crm::test::SmallWorkbook workbook;
  workbook.sheets = {{"S", note + "<row><c t=\"str\"><v>*name</v></c><c t=\"str\"><v>x</v></c></row>"
                                  "<row><c><v>1</v></c><c><v>2</v></c><c><v>3</v></c></row>"}};
  crm::RowSourceOptions options;
  options.is_heading = [](std::string_view heading) { return heading == "*name"; };
  CHECK(table(workbook, options) ==
        Table{{"*name", "x"},
              {"3", "the row has a value in column C, over which there is no heading", "1", "2"},
              {"passed over 1 row above the headings: 'Fill in all * columns'"}});
  CHECK(table(workbook).front() == std::vector<std::string>{"Fill in all * columns"});
}

TEST_CASE("a sheet of any size gives each row once, up to where it is damaged") {
  for (const int rows : {0, 1, 900, 20'000}) {
    for (const bool damaged : {false, true}) {
      CAPTURE(rows);
      CAPTURE(damaged);
      std::string inside = "<row><c t=\"str\"><v>name</v></c></row>";
      for (int i = 0; i < rows; ++i) inside += "<row><c><v>" + std::to_string(i) + "</v></c></row>";
      if (damaged) inside += "<row><c></row>";
      crm::test::SmallWorkbook workbook;
      workbook.sheets = {{"S", inside}};
      const crm::test::ScratchFile file(workbook.bytes());
      const auto source = crm::open_rows(file.path());
      crm::InputRow row;
      bool refused = false;
      int count = 0;
      try {
        for (; source->next(row); ++count) REQUIRE(row.fields.front().text == std::to_string(count));
        CHECK(!source->next(row));
      } catch (const crm::Error&) {
        refused = true;
      }
      CHECK(count == rows);
      CHECK(refused == damaged);
    }
  }
}

TEST_CASE("workbooks that are damaged or hostile are refused") {
  crm::test::SmallWorkbook workbook;
  const auto refused = [&](const std::string& rows) {
    workbook.sheets = {{"S", rows}};
    return refusal(workbook.bytes());
  };
  CHECK(refused("<row r=\"2\"><c><v>1</v></c></row><row r=\"2\"><c><v>1</v></c></row>") ==
        "the sheet 'S' of 'F' cannot be read: its rows are not in order (row 2)");
  CHECK(refused("<row><c r=\"A1\" t=\"s\"><v>7</v></c></row>") ==
        "the sheet 'S' of 'F' cannot be read: the cell A1 refers to no text (row 1)");
  CHECK(refused("<row><c r=\"ZZZZ1\"><v>7</v></c></row>").find("not in order") != std::string::npos);
  CHECK(refused("<row><c><v>1</c></row>") == "'F' cannot be read: mismatched tag");
  CHECK(refused("<row><c><v>1</v></c><row><c><v>2</v></c></row><c><v>3</v></c></row>") ==
        "the sheet 'S' of 'F' cannot be read: a row within a row (row 1)");
  CHECK(refused("<row><c><v>1</v></c></row><c><v>2</v></c>") ==
        "the sheet 'S' of 'F' cannot be read: a cell outside of a row (row 1)");
  CHECK(refused("<row>" + std::string(2'000'000, 'x')).find("cannot be read") != std::string::npos);
  std::string deep;
  for (int i = 0; i < 100; ++i) deep += "<a>";
  CHECK(refused(deep) == "'F' cannot be read: its elements are nested too deeply");
  CHECK(refusal(crm::test::zip_of({{"_rels/.rels", "<!DOCTYPE a [<!ENTITY b \"c\">]><a/>"}})) ==
        "'F' cannot be read: it declares a document type, as no workbook does");
  CHECK(refusal(crm::test::zip_of({{"a", "b"}})) == "'F' is a ZIP archive, but no XLSX workbook");
  CHECK(refusal("PK\x03\x04" + std::string(40, '\0')) ==
        "'F' cannot be read: it is no ZIP archive, or a damaged one");
}

TEST_CASE("a part that unpacks to too much is refused") {
  const crm::test::ScratchFile file(
      crm::test::zip_of({{"a.xml", "<a>" + std::string(300'000, ' ') + "</a>"}}));
  struct Nothing final : crm::XmlEvents {
    void begin(std::string_view /*name*/, const char* const* /*attributes*/) override {}
    void text(std::string_view /*text*/) override {}
    void end(std::string_view /*name*/) override {}
  } events;
  crm::PackageLimits limits;
  limits.part_bytes = 200'000;
  const auto package = crm::open_package(file.path(), limits);
  const auto part = package->open("a.xml");
  REQUIRE(part != nullptr);
  auto step = crm::PackagePart::Step::more;
  while (step == crm::PackagePart::Step::more) step = part->parse(events);
  CHECK(step == crm::PackagePart::Step::fault);
  CHECK(std::string(part->fault()) == "it unpacks to far more than such a file can hold");
}

TEST_CASE("a workbook of ours is read by the clock of the zone that it was written in") {
  const crm::test::ScratchFile file{std::string()};
  const std::vector<std::string> moments = {
      "2026-03-02T09:00:00-05:00", "2026-07-01T00:00:00-04:00", "2026-11-01T01:30:00-04:00",
      "2026-11-01T01:30:00-05:00",  // the clock shows it the second time
  };
  const crm::Column columns[] = {{.name = "at", .label = {}, .moment = true}};
  crm::WorkbookWriter workbook(file.path(), "lead", crm::TimeZone::load("America/New_York"));
  workbook.begin(columns);
  for (const std::string& moment : moments) {
    const crm::Cell cells[] = {{crm::CellType::text, moment, {}}};
    workbook.row(cells);
  }
  workbook.end();
  const auto source = crm::open_rows(file.path(), {});
  crm::InputRow row;
  std::vector<std::string> read;
  while (source->next(row)) read.emplace_back(row.fields[0].text);
  CHECK(read == moments);
}
