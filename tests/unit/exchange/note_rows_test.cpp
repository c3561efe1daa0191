#include <doctest/doctest.h>

#include <string>

#include "unit/exchange/import_desk.h"
#include "unit/exchange/small_workbook.h"

using crm::ImportOptions;
using crm::ImportResult;
using crm::Kind;
using crm::test::ImportDesk;

namespace {

std::string import_table(const std::string& text) {
  ImportDesk desk;
  std::string told;
  ImportOptions options;
  options.recognised = [&](const std::string& remark) { told = "; " + remark; };
  const std::string counts = ImportDesk::counts(desk.import(Kind::customer, text, options));
  return counts + told;
}

std::string sheet_row(std::initializer_list<const char*> cells) {
  std::string row = "<row>";
  for (const char* cell : cells) {
    row += *cell == '\0' ? std::string("<c></c>") : "<c t=\"str\"><v>" + std::string(cell) + "</v></c>";
  }
  return row + "</row>";
}

}  // namespace

TEST_CASE("notes of several cells and groups of columns stand above the headings") {
  const std::string rows = "客户名称,手机,邮箱\n甲,13800138000,a@a.example\n乙,,\n";
  for (const std::string above :
       {"客户导入模板,2026年\n", "基本信息,,联系方式\n", "填写说明：,必填,选填\n标题,第二,\n", "客户名称,,\n",
        "客户,,联系人\n", "Report,East,2026\n\n"}) {
    CAPTURE(above);
    CHECK(import_table(above + rows).starts_with("2 added; passed over"));
  }
}

TEST_CASE("headings that are known in part stay the headings") {
  CHECK(import_table("name,phone,Colour\nAcme,,red\n") == "1 added");
  CHECK(import_table("name\nAcme\nBolt\n") == "2 added");
  CHECK(import_table("name,phone\n") == "");
}

TEST_CASE("a file without headings that are known is refused, not passed over") {
  const auto refusal = [](const std::string& text) {
    return crm::test::error_message([&] { import_table(text); });
  };
  CHECK(refusal("name phone note\nA 138 n1\nB 139 n2, x\n").find("no headings that are known") !=
        std::string::npos);
  CHECK(refusal("some words\nand,more\n").find("no headings that are known") != std::string::npos);
}

TEST_CASE("groups of columns above the headings of a sheet, and a sheet of instructions before it") {
  crm::test::SmallWorkbook workbook;
  workbook.sheets = {
      {"说明", sheet_row({"怎样填写", "第一步"}) + sheet_row({"先填客户名称", "再填手机"})},
      {"客户", sheet_row({"基本信息", "", "联系方式"}) + sheet_row({"客户名称", "行业", "手机"}) +
                   sheet_row({"甲", "", "13800138000"})}};
  ImportDesk desk;
  const std::string path = desk.file("book.xlsx", workbook.bytes());
  const ImportResult result = crm::import_records(desk.session(), Kind::customer, path, {});
  CHECK(ImportDesk::counts(result) == "1 added");
  CHECK(desk.text({Kind::customer, 1}, "phone") == "13800138000");
}
