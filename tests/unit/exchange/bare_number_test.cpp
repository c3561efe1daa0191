// A column "id" of a file that is not ours: the number in the other system.
#include <doctest/doctest.h>

#include "unit/exchange/import_desk.h"

using crm::ImportOptions;
using crm::Kind;
using crm::test::error_message;
using crm::test::ImportDesk;

TEST_CASE(
    "the ids of another system are references: again, nothing changes, and a second file refers to them") {
  for (const char* heading : {"id", "ID", "编号", "Record ID", "uuid"}) {
    CAPTURE(heading);
    ImportDesk desk;
    desk.add(Kind::customer, {{"name", "own"}});
    const std::string customers =
        std::string(heading) + ",name,phone,segment\nA-17,Acme,13800138000,x\n1,Bolt,,y\n";
    CHECK(ImportDesk::counts(desk.import(Kind::customer, customers)) == "2 added");
    CHECK(desk.text({Kind::customer, 2}, "ref") == "import/A-17");
    CHECK(desk.text({Kind::customer, 3}, "ref") == "import/1");
    CHECK(ImportDesk::counts(desk.import(Kind::customer, customers)) == "2 unchanged");
    desk.import(Kind::contact, "id,name,customer_id\n1,Wang,A-17\n2,Li,1\n");
    CHECK(desk.text({Kind::contact, 1}, "customer") == "customer/2");
    CHECK(desk.text({Kind::contact, 2}, "customer") == "customer/3");
    desk.import(Kind::followup, "客户编号,at,note\nA-17,2026-03-01,hello\n");
    CHECK(desk.text({Kind::followup, 1}, "about") == "customer/2");
  }
}

TEST_CASE("a number that is too large for ours is a reference like any other") {
  ImportDesk desk;
  desk.import(Kind::lead, "id,name\n1900000000000000000,Acme\n");
  CHECK(desk.text({Kind::lead, 1}, "ref") == "import/1900000000000000000");
}

TEST_CASE("a list that we printed finds its records by their numbers") {
  ImportDesk desk;
  desk.lead("x", {{"phone", "13800138000"}});
  desk.lead("y");
  CHECK(ImportDesk::counts(desk.import(Kind::lead, "id,name,phone\n1,x,13800138000\n2,y,13900139000\n")) ==
        "1 updated, 1 unchanged");
  CHECK(desk.text({Kind::lead, 2}, "phone") == "13900139000");
  CHECK(desk.text({Kind::lead, 2}, "ref").empty());
  // Another system's number 1 is somebody else.
  CHECK(ImportDesk::counts(desk.import(Kind::lead, "id,name\n1,z\n")) == "1 added");
  CHECK(desk.text({Kind::lead, 1}, "name") == "x");
}

TEST_CASE("equal numbers of two files that name no system are not taken for one record") {
  ImportDesk desk;
  desk.import(Kind::customer, "ID,name,phone\n1,Acme,13800138000\n2,Bolt,13800138001\n");
  CHECK(error_message([&] {
          desk.import(Kind::customer, "ID,name,phone\n1,Comet,13900139000\n");
        }).find("'import/1' is that of customer/1") != std::string::npos);
  CHECK(desk.text({Kind::customer, 1}, "name") == "Acme");
  ImportOptions erp;
  erp.source = "erp";
  CHECK(ImportDesk::counts(desk.import(Kind::customer, "ID,name,phone\n1,Comet,13900139000\n", erp)) ==
        "1 added");
  // A new name with the same phone number is the same customer.
  CHECK(ImportDesk::counts(desk.import(Kind::customer, "ID,name,phone\n1,Acme Ltd,+86 138 0013 8000\n")) ==
        "1 updated");
  ImportOptions same;
  same.source = "import";
  CHECK(ImportDesk::counts(desk.import(Kind::customer, "ID,name\n2,Bolt & Nut\n", same)) == "1 updated");
}

TEST_CASE("beside a reference that is named, a bare number is left out") {
  ImportDesk desk;
  desk.import(Kind::customer, "id,customer_id,name,note2\n1,C9,Acme,x\n");
  CHECK(desk.text({Kind::customer, 1}, "ref") == "import/C9");
}
