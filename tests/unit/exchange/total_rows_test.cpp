#include "exchange/total_rows.h"

#include <doctest/doctest.h>

#include "unit/exchange/import_desk.h"

using crm::ImportOptions;
using crm::ImportResult;
using crm::Kind;
using crm::test::ImportDesk;

namespace {

std::string import_under_headings(const std::string& rows) {
  ImportDesk desk;
  return ImportDesk::counts(desk.import(Kind::customer, "name,phone,email,employees\n" + rows));
}

}  // namespace

TEST_CASE("a total under a table is no record") {
  for (const char* total :
       {"合计,,,12", "合计：,,,\"1,200.50\"", "总 计,,,12家", "小计,,,", "Grand Totals (25 records),,,",
        "共 2 条记录,,,", "Subtotal,,,=SUM(D2:D3)", "Total,,,29", "TOTALS:,,,¥12", ",合计,,12"}) {
    CAPTURE(total);
    CHECK(import_under_headings("Acme,,,5\nBolt,,,7\n" + std::string(total) + "\n") == "2 added, 1 skipped");
  }
}

TEST_CASE("a record that is only called so is kept") {
  for (const char* record : {"Total,13800138000,,29", "Total,,a@total.example,29", "Total,,,",
                             "Totalplay,,,7", "合计科技,,,7", "合计,13800138000,,7", "Total,,,many"}) {
    CAPTURE(record);
    CHECK(import_under_headings("Acme,,,5\n" + std::string(record) + "\n") == "2 added");
  }
  CHECK(import_under_headings("Acme,,,5\nTotal,,,7\nBolt,,,9\n") == "3 added");
  CHECK(import_under_headings("Total,,,7\nTotal,,,8\nBolt,,,9\nTotal,,,24\n") == "3 added, 1 skipped");
}

TEST_CASE("subtotals inside a table and what was kept back keep the order and the lines") {
  ImportDesk desk;
  ImportOptions options;
  options.keep_going = true;
  const ImportResult result =
      desk.import(Kind::lead, "name,amount,email\nx,1,\n小计,1,\nTotal,3,\ny,2,bad\n合计,6,\n", options);
  CHECK(ImportDesk::counts(result) == "2 added, 2 skipped, 1 rejected");
  CHECK(desk.text({Kind::lead, 2}, "name") == "Total");
  REQUIRE(result.faults.size() == 1);
  CHECK(result.faults[0].location.line == 5);
}
