#include "records/record_people.h"

#include <doctest/doctest.h>

#include "crm/records.h"
#include "crm/users.h"
#include "records/session_state.h"
#include "unit/desk.h"

namespace crm {
namespace {

using test::Desk;
using test::error_code;

std::int64_t newest_change(Desk& desk) {
  return desk.session().state().connection->query_integer("SELECT max(id) FROM change").value_or(0);
}

TEST_SUITE("records/people") {
  TEST_CASE("an undo takes away nobody whom records name, as a deletion does not") {
    Desk desk;
    desk.user("z", "east");
    const std::int64_t added = newest_change(desk);
    const RecordId lead = desk.lead("A", {{"owner", "z"}, {"team", "east"}});
    CHECK(error_code([&] { undo(desk.session(), added); }) == 6);
    CHECK(desk.text(lead, "owner") == "z");
    const std::vector<FieldText> nobody = {{"owner", ""}, {"team", ""}};
    edit(desk.session(), lead, nobody);
    CHECK(undo(desk.session(), added).size() == 2);  // the user, and the team that was made with it
    CHECK(doctor(desk.session()).empty());
  }

  TEST_CASE("nothing comes back to somebody who is deleted") {
    Desk desk;
    const RecordId user = desk.user("z");
    desk.user("y");
    const RecordId lead = desk.lead("A", {{"owner", "z"}}), other = desk.lead("B", {{"owner", "z"}});
    const std::vector<FieldText> handed = {{"owner", "y"}};
    edit(desk.session(), lead, handed);
    const std::int64_t handover = newest_change(desk);
    remove(desk.session(), other);
    const std::int64_t removal = newest_change(desk);
    remove(desk.session(), user);
    CHECK(error_code([&] { undo(desk.session(), handover); }) == 6);
    CHECK(error_code([&] { undo(desk.session(), removal); }) == 6);
    CHECK(error_code([&] { restore(desk.session(), other); }) == 6);
    restore(desk.session(), user);
    restore(desk.session(), other);
    undo(desk.session(), handover);
    CHECK(desk.text(lead, "owner") == "z");
    CHECK(verify(desk.session()).problems.empty());
  }

  TEST_CASE("only who is active gets customers and leads, whichever way they are written") {
    Desk desk;
    const RecordId gone = desk.user("z");
    const RecordId lead = desk.lead("A", {{"owner", "z"}});
    deactivate_user(desk.session(), gone);
    CHECK(error_code([&] { desk.lead("B", {{"owner", "z"}}); }) == 4);
    CHECK(error_code([&] { desk.add(Kind::customer, {{"name", "C"}, {"owner", "z"}}); }) == 4);
    const RecordId other = desk.lead("D");
    const std::vector<FieldText> fields = {{"owner", "z"}};
    CHECK(error_code([&] { edit(desk.session(), other, fields); }) == 4);
    const std::vector<FieldText> same = {{"owner", "z"}, {"title", "buyer"}};
    CHECK(edit(desk.session(), lead, same).written == Written::updated);
  }

  TEST_CASE("the doctor finds records that name what is deleted or missing") {
    Desk desk;
    desk.user("z");
    desk.add(Kind::customer, {{"name", "C"}, {"owner", "z"}});
    desk.add(Kind::contact, {{"name", "D"}, {"customer", "1"}});
    CHECK(doctor(desk.session()).empty());
    Connection& connection = *desk.session().state().connection;
    connection.execute("PRAGMA foreign_keys = OFF", {});
    connection.execute("UPDATE user SET deleted_at = 1 WHERE name = 'z'", {});
    connection.execute("UPDATE contact SET customer = 99", {});
    std::string told;
    for (const std::string& problem : doctor(desk.session())) told += problem + '\n';
    CHECK(told.find("1 customer names as owner a user that is deleted: 'crm user restore 2'") !=
          std::string::npos);
    CHECK(told.find("1 contact names as customer a customer that is missing") != std::string::npos);
  }
}

}  // namespace
}  // namespace crm
