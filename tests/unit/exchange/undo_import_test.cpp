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
