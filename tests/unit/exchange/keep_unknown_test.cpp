#include <doctest/doctest.h>

#include <string>

#include "unit/exchange/import_desk.h"

using crm::ImportOptions;
using crm::Kind;
using crm::test::ImportDesk;

namespace {

ImportOptions keeping() {
  ImportOptions options;
  options.keep_unknown = true;
  options.match = {"name"};
  return options;
}

std::string kept_value(ImportDesk& desk, const char* field) {
  return desk.text({Kind::customer, 1}, field);
}

}  // namespace

TEST_CASE("columns whose headings make the same name are kept apart, and found again") {
  ImportDesk desk;
  const std::string file = "name,Fax No,Fax-No\nA,1,2\n";
  CHECK(ImportDesk::counts(desk.import(Kind::customer, file, keeping())) == "1 added");
  CHECK(kept_value(desk, "fax_no") == "1");
  CHECK(kept_value(desk, "fax_no_2") == "2");
  CHECK(ImportDesk::counts(desk.import(Kind::customer, file, keeping())) == "1 unchanged");
  CHECK(desk.session().view(Kind::customer).find("fax_no_3") == nullptr);
  CHECK(ImportDesk::counts(desk.import(Kind::customer, "Fax-No,name,Fax No\n2,A,1\n", keeping())) ==
        "1 unchanged");
}

TEST_CASE("a second column of a field's heading is kept beside it, not instead of it") {
  ImportDesk desk;
  const std::string file = "name,手机,手机,手机\nB,13800138000,13900139000,13700137000\n";
  CHECK(ImportDesk::counts(desk.import(Kind::customer, file, keeping())) == "1 added");
  CHECK(kept_value(desk, "phone") == "13800138000");
  CHECK(kept_value(desk, "shouji_2") == "13900139000");
  CHECK(kept_value(desk, "shouji_3") == "13700137000");
  CHECK(ImportDesk::counts(desk.import(Kind::customer, file, keeping())) == "1 unchanged");
  CHECK(ImportDesk::counts(desk.import(Kind::customer, "name,手机\nB,13800138000\n", keeping())) ==
        "1 unchanged");
}

TEST_CASE("a Chinese heading names its field by how it is read") {
  ImportDesk desk;
  desk.import(Kind::customer, "name,传真,QQ号,★\nA,1,2,3\n", keeping());
  CHECK(kept_value(desk, "chuanzhen") == "1");
  CHECK(kept_value(desk, "qqhao") == "2");
  CHECK(kept_value(desk, "field") == "3");
}
