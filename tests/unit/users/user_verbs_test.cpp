#include "crm/users.h"

#include <doctest/doctest.h>

#include "crm/followups.h"
#include "crm/leads.h"
#include "crm/ownership.h"
#include "unit/desk.h"

using namespace crm;
using crm::test::Desk;
using crm::test::error_code;

namespace {

std::map<std::string, std::int64_t> counts(const std::vector<Holding>& holdings) {
  std::map<std::string, std::int64_t> counted;
  for (const Holding& holding : holdings)
    counted[to_string(RecordId{holding.kind, 0}) + ' ' + std::string(holding.field)] = holding.records;
  return counted;
}

// li leads a team and manages chen; owns a customer, two leads of which one is deleted, a plan and a talk.
RecordId leaver(Desk& desk) {
  const RecordId li = desk.user("li", "inbound");
  edit(desk.session(), resolve(desk.session(), Kind::team, "inbound"),
       std::vector<FieldText>{{"lead", "li"}});
  desk.add(Kind::user, {{"name", "chen"}, {"manager", "li"}});
  desk.add(Kind::customer, {{"name", "Acme"}, {"owner", "li"}});
  desk.lead("Ann", {{"owner", "li"}});
  remove(desk.session(), desk.lead("Bob", {{"owner", "li"}}));
  desk.add(Kind::followup,
           {{"about", "lead/1"}, {"owner", "li"}, {"type", "call"}, {"due_at", "2026-03-05"}});
  desk.add(Kind::followup,
           {{"about", "customer/1"}, {"owner", "li"}, {"type", "call"}, {"at", "2026-03-01"}});
  return li;
}

}  // namespace

TEST_CASE("all that a leaver answers for goes to another, what is past stays") {
  Desk desk;
  const RecordId li = leaver(desk);
  desk.user("wang");
  const std::map<std::string, std::int64_t> all = {{"customer/0 owner", 1},
                                                   {"lead/0 owner", 1},
                                                   {"followup/0 owner", 1},
                                                   {"team/0 lead", 1},
                                                   {"user/0 manager", 1}};
  CHECK(counts(holdings_of(desk.session(), li)) == all);
  CHECK(counts(transfer_holdings(desk.session(), li, "wang").holdings) == all);
  for (const auto& held : counts(holdings_of(desk.session(), li))) {
    CAPTURE(held.first);
    CHECK(held.second == 0);
  }
  CHECK(desk.text({Kind::lead, 1}, "owner") == "wang");
  CHECK(desk.text({Kind::followup, 1}, "owner") == "wang");
  CHECK(desk.text({Kind::followup, 2}, "owner") == "li");
  undo(desk.session(), std::nullopt);
  CHECK(counts(holdings_of(desk.session(), li)) == all);
}

TEST_CASE("whom the leaver managed does not come to manage themselves") {
  Desk desk;
  const RecordId li = leaver(desk);
  transfer_holdings(desk.session(), li, "chen");
  CHECK(desk.text(resolve(desk.session(), Kind::user, "chen"), "manager").empty());
}

TEST_CASE("nothing goes to the same user, to one who has left, or to nobody") {
  Desk desk;
  const RecordId li = leaver(desk);
  CHECK(deactivate_user(desk.session(), desk.user("gone")).written == Written::updated);
  CHECK(error_code([&] { transfer_holdings(desk.session(), li, "li"); }) == 4);
  CHECK(error_code([&] { transfer_holdings(desk.session(), li, "gone"); }) == 4);
  CHECK(error_code([&] { transfer_holdings(desk.session(), li, "nobody"); }) == 3);
  CHECK(desk.text({Kind::lead, 1}, "owner") == "li");
}

TEST_CASE("who is not active any more is told to hand over") {
  Desk desk;
  const RecordId li = leaver(desk);
  CHECK(deactivate_user(desk.session(), li).written == Written::updated);
  CHECK(deactivate_user(desk.session(), li).written == Written::unchanged);
  CHECK(error_code([&] { assign(desk.session(), {Kind::lead, 1}, "li"); }) == 4);
}

TEST_CASE("a name or login that somebody deactivated has: it is said how they come back") {
  Desk desk;
  const RecordId li = desk.add(Kind::user, {{"name", "li"}, {"login", "l.i"}});
  const auto hint = [&](const std::vector<FieldText>& fields) {
    try {
      desk.add(Kind::user, fields);
    } catch (const Error& error) {
      return error.hint();
    }
    return std::string("added");
  };
  CHECK(hint({{"name", "li"}}) == "choose another, or edit that one");
  deactivate_user(desk.session(), li);
  const std::string back =
      "that one is deactivated: 'crm user edit " + std::to_string(li.id) + " --active yes' brings them back";
  CHECK(hint({{"name", "li"}}) == back);
  CHECK(hint({{"name", "other"}, {"login", "l.i"}}) == back);
}

TEST_CASE("'me' is who acts, unless somebody has that name") {
  Desk desk;
  desk.user("li");
  const RecordId lead = desk.lead("Bob");
  desk.at("2026-03-02T10:00", "li");
  assign(desk.session(), lead, "me");
  CHECK(desk.text(lead, "owner") == "li");
  desk.user("me");
  assign(desk.session(), lead, "me");
  CHECK(desk.text(lead, "owner") == "me");
}
