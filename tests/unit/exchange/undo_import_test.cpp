#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "crm/import_runs.h"
#include "unit/exchange/import_desk.h"

using crm::ImportOptions;
using crm::Kind;
using crm::test::ImportDesk;

TEST_CASE("what an import made for the records that it updated goes with it") {
  ImportDesk desk;
  desk.import(Kind::customer, "customer_id,name,owner\nA,x,\nB,y,\n");
  desk.import(Kind::contact, "contact_id,name\nP,p\n");
  const std::string customers = desk.exported(Kind::customer);
  const std::string contacts = desk.exported(Kind::contact);
  const std::size_t users = desk.list(Kind::user).size();
  ImportOptions options;
  options.on_unknown_user = crm::UnknownUser::create;
  options.create_missing = {"customer"};
  const auto first = desk.import(Kind::customer, "customer_id,name,owner\nA,x,new1\nB,y,new2\n", options);
  const auto second = desk.import(Kind::contact, "contact_id,name,customer\nP,p,Made Ltd\n", options);
  CHECK(desk.list(Kind::user).size() == users + 2);
  const crm::UndoneImport undone = crm::undo_import(desk.session(), second.run);
  CHECK(undone.removed == 1);
  CHECK(undone.restored == 1);
  CHECK(undone.kept.empty());
  CHECK(crm::undo_import(desk.session(), first.run).kept.empty());
  CHECK(desk.list(Kind::user).size() == users);
  CHECK(desk.exported(Kind::customer) == customers);
  CHECK(desk.exported(Kind::contact) == contacts);
  CHECK(crm::verify(desk.session()).problems.empty());
}

// More than one block of events, and what was read of a record is old by the time its turn comes, where the
// run wrote it twice.
TEST_CASE("a large import that wrote records more than once goes back to the byte") {
  ImportDesk desk;
  desk.import(Kind::lead, "lead_id,name,region\n7,former,北京\n4000,also,北京\n");
  const std::string before = desk.exported(Kind::lead);
  std::string text = "lead_id,name,region,tags\n";
  for (int i = 1; i <= 3000; ++i) {
    const std::string id = std::to_string(i);
    text += id + ",lead " + id + ",上海," + (i % 3 == 0 ? "hot" : "") + "\n";
  }
  for (int i = 10; i <= 3000; i += 97) text += std::to_string(i) + ",again,广州,\n";
  const auto result = desk.import(Kind::lead, text);
  CHECK(result.added == 2999);
  crm::edit(desk.session(), {Kind::lead, 1503}, std::vector<crm::FieldText>{{"note", "called"}});
  const crm::UndoneImport undone = crm::undo_import(desk.session(), result.run);
  CHECK(undone.removed == 2998);
  CHECK(undone.kept == std::vector<std::string>{"lead/1503: changed since"});
  CHECK(crm::verify(desk.session()).problems.empty());
  crm::remove(desk.session(), {Kind::lead, 1503});
  CHECK(desk.exported(Kind::lead) == before);
}

TEST_CASE("what an import made stays where a record that it updated was changed since") {
  ImportDesk desk;
  desk.import(Kind::contact, "contact_id,name\nP,p\n");
  ImportOptions options;
  options.create_missing = {"customer"};
  const auto result = desk.import(Kind::contact, "contact_id,name,customer\nP,p,Made Ltd\n", options);
  crm::edit(desk.session(), {Kind::contact, 1}, std::vector<crm::FieldText>{{"note", "later"}});
  const crm::UndoneImport undone = crm::undo_import(desk.session(), result.run);
  CHECK(undone.removed == 0);
  CHECK(undone.kept ==
        std::vector<std::string>{"customer/1: contact/1 hangs on it", "contact/1: changed since"});
}
