#include "crm/leads.h"

#include <doctest/doctest.h>

#include "crm/consent.h"
#include "crm/ownership.h"
#include "outbox/permission.h"
#include "records/session_state.h"
#include "unit/desk.h"

using namespace crm;
using crm::test::Desk;
using crm::test::error_code;

TEST_CASE("a new lead is in the first stage, in the pool, and its stage is a stage change of its own") {
  Desk desk;
  const RecordId lead = desk.lead("Bob");
  CHECK(desk.text(lead, "stage") == "new");
  CHECK(desk.text(lead, "owner").empty());
  CHECK(desk.text(lead, "assigned_at").empty());
  const auto changes = desk.list(Kind::stage_change);
  REQUIRE(changes.size() == 1);
  CHECK(changes[0].at("record") == "lead/1");
  CHECK(changes[0].at("from").empty());
  CHECK(changes[0].at("to") == "new");
  CHECK(changes[0].at("by") == "admin");
}

TEST_CASE("assigning sets the owner and the moment, and refuses who has left") {
  Desk desk;
  desk.user("li");
  desk.add(Kind::user, {{"name", "gone"}, {"active", "no"}});
  const RecordId lead = desk.lead("Bob");
  CHECK(assign(desk.session(), lead, "li").written == Written::updated);
  CHECK(desk.text(lead, "owner") == "li");
  CHECK(desk.text(lead, "assigned_at") == "2026-03-02T10:00:00+08:00");
  CHECK(assign(desk.session(), lead, "li").written == Written::unchanged);
  CHECK(error_code([&] { assign(desk.session(), lead, "gone"); }) == 4);
  CHECK(error_code([&] { assign(desk.session(), lead, "nobody"); }) == 3);
  CHECK(desk.text(lead, "owner") == "li");
}

TEST_CASE("automatic assignment goes to the fewest open leads, and closed ones do not count") {
  Desk desk;
  desk.user("a", "east");
  desk.user("b", "east");
  for (int i = 0; i < 3; ++i) lose_lead(desk.session(), desk.lead("lost", {{"owner", "a"}}), "no budget");
  desk.lead("open", {{"owner", "b"}});
  const RecordId leads[] = {desk.lead("1"), desk.lead("2"), desk.lead("3")};
  assign_automatically(desk.session(), leads);
  CHECK(desk.text(leads[0], "owner") == "a");  // a has none open, b one
  CHECK(desk.text(leads[1], "owner") == "b");  // a tie: b's turn
  CHECK(desk.text(leads[2], "owner") == "a");
}

TEST_CASE("ties rotate, and the rotation outlives the session") {
  Desk desk;
  for (const char* name : {"a", "b", "c"}) desk.user(name, "east");
  std::string owners;
  for (int i = 0; i < 6; ++i) {
    desk.at("2026-03-02T10:00");
    const RecordId lead = desk.lead("x");
    assign_automatically(desk.session(), {&lead, 1});
    owners += desk.text(lead, "owner");
    lose_lead(desk.session(), lead, "gone");  // all have none open again
  }
  CHECK(owners == "abcabc");
}

TEST_CASE("automatic assignment stays within the lead's team, and passes over who is away or has no team") {
  Desk desk;
  desk.user("east1", "east");
  desk.user("west1", "west");
  desk.user("free");
  desk.add(Kind::user, {{"name", "away"}, {"team", "west"}, {"absent_until", "2026-03-09"}});
  desk.add(Kind::user, {{"name", "left"}, {"team", "west"}, {"active", "no"}});
  for (int i = 0; i < 4; ++i) {
    const RecordId lead = desk.lead("w", {{"team", "west"}});
    assign_automatically(desk.session(), {&lead, 1});
    CHECK(desk.text(lead, "owner") == "west1");
  }
  const RecordId any = desk.lead("any");
  assign_automatically(desk.session(), {&any, 1});
  CHECK(desk.text(any, "owner") == "east1");
  const RecordId nobody = desk.lead("n", {{"team", "south"}});
  CHECK(error_code([&] { assign_automatically(desk.session(), {&nobody, 1}); }) == 4);
  desk.at("2026-03-09T08:00");
  const RecordId back = desk.lead("w", {{"team", "west"}});
  assign_automatically(desk.session(), {&back, 1});
  CHECK(desk.text(back, "owner") == "away");
}

TEST_CASE("a claim takes from the pool only, a release gives back") {
  Desk desk;
  desk.user("li");
  desk.user("wang");
  const RecordId lead = desk.lead("Bob");
  desk.at("2026-03-02T11:00", "li");
  claim(desk.session(), lead);
  CHECK(desk.text(lead, "owner") == "li");
  CHECK(claim(desk.session(), lead).written == Written::unchanged);
  desk.at("2026-03-02T12:00", "wang");
  CHECK(error_code([&] { claim(desk.session(), lead); }) == 6);
  release(desk.session(), lead);
  CHECK(desk.text(lead, "owner").empty());
  CHECK(desk.text(lead, "assigned_at").empty());
  claim(desk.session(), lead);
  CHECK(desk.text(lead, "owner") == "wang");
  CHECK(desk.text(lead, "assigned_at") == "2026-03-02T12:00:00+08:00");
  desk.at("2026-03-02T12:00", "stranger");
  CHECK(error_code([&] { claim(desk.session(), lead); }) == 5);
}

TEST_CASE("leads advance stage by stage to the outcome, and not out of it or back") {
  Desk desk;
  const RecordId lead = desk.lead("Bob");
  for (const char* stage : {"contacted", "qualified", "proposal", "negotiation", "won"}) {
    advance_lead(desk.session(), lead);
    CHECK(desk.text(lead, "stage") == stage);
  }
  CHECK(desk.text(lead, "closed_at") == "2026-03-02T10:00:00+08:00");
  CHECK(error_code([&] { advance_lead(desk.session(), lead); }) == 4);
  CHECK(error_code([&] { advance_lead(desk.session(), lead, "proposal"); }) == 4);
  CHECK(desk.list(Kind::stage_change).size() == 6);
  const RecordId second = desk.lead("Eve");
  advance_lead(desk.session(), second, "proposal");
  CHECK(error_code([&] { advance_lead(desk.session(), second, "contacted"); }) == 4);
  CHECK(error_code([&] { advance_lead(desk.session(), second, "nonsense"); }) == 4);
  lose_lead(desk.session(), second, "price");
  CHECK(desk.text(second, "stage") == "lost");
  CHECK(desk.text(second, "lost_reason") == "price");
}

TEST_CASE("converting twice gives the same customer and contact, and takes nothing away") {
  Desk desk;
  const RecordId lead = desk.lead("王芳", {{"company", "Acme"},
                                           {"phone", "13800138000"},
                                           {"email", "w@example.com"},
                                           {"region", "East"},
                                           {"tags", "vip"}});
  const Conversion first = convert_lead(desk.session(), lead);
  CHECK(first.written == Written::added);
  CHECK(desk.text(lead, "stage") == "won");
  CHECK(desk.text(first.customer, "name") == "Acme");
  CHECK(desk.text(first.customer, "type") == "company");
  CHECK(desk.text(first.customer, "region") == "East");
  CHECK(desk.text(first.contact, "name") == "王芳");
  CHECK(desk.text(first.contact, "phone") == "13800138000");
  CHECK(desk.text(first.contact, "customer") == to_string(first.customer));
  const Conversion second = convert_lead(desk.session(), lead);
  CHECK(second.written == Written::unchanged);
  CHECK(second.customer == first.customer);
  CHECK(second.contact == first.contact);
  CHECK(desk.list(Kind::customer).size() == 1);
  CHECK(desk.list(Kind::contact).size() == 1);
}

TEST_CASE("a person without a company becomes a customer by name; an existing customer gets the contact") {
  Desk desk;
  const Conversion person = convert_lead(desk.session(), desk.lead("Bob", {{"phone", "13800138001"}}));
  CHECK(desk.text(person.customer, "name") == "Bob");
  CHECK(desk.text(person.customer, "type") == "person");
  CHECK(desk.text(person.customer, "phone") == "13800138001");
  const Conversion joined = convert_lead(desk.session(), desk.lead("Eve"), person.customer);
  CHECK(joined.customer == person.customer);
  CHECK(desk.list(Kind::customer).size() == 1);
  CHECK(error_code([&] {
          convert_lead(desk.session(), desk.lead("Ann"), RecordId{Kind::customer, 99});
        }) == 3);
}

TEST_CASE("a conversion is undone as a whole") {
  Desk desk;
  const RecordId lead = desk.lead("Bob", {{"company", "Acme"}});
  const Conversion conversion = convert_lead(desk.session(), lead);
  undo(desk.session(), std::nullopt);
  CHECK(desk.text(lead, "stage") == "new");
  CHECK(desk.text(lead, "customer").empty());
  CHECK(desk.list(Kind::customer).empty());
  CHECK(desk.list(Kind::contact).empty());
  CHECK(desk.list(Kind::stage_change).size() == 1);
  CHECK(verify(desk.session()).problems.empty());
  (void)conversion;
}

TEST_CASE("what fails half way leaves nothing") {
  Desk desk;
  desk.user("li", "east");
  const RecordId leads[] = {desk.lead("1"), {Kind::lead, 99}};
  CHECK(error_code([&] { assign_automatically(desk.session(), leads); }) == 3);
  CHECK(desk.text(leads[0], "owner").empty());
}

TEST_CASE("what a lead said on being written to holds for whom it becomes") {
  Desk desk;
  const auto say = [&](RecordId who, bool given, const std::string& purpose, const std::string& at) {
    const ConsentStatement statement{who, {}, purpose, given, at, "asked on the phone"};
    state_consent(desk.session(), {&statement, 1});
  };
  const auto refusal = [&](RecordId who) {
    return refusal_of(*desk.session().state().connection, {who, {}}, "newsletter");
  };
  // Without an address, there is nothing but the record that it could hang on.
  const RecordId blocked = desk.lead("Bob", {{"company", "Acme"}});
  say(blocked, true, "newsletter", "2026-02-01");
  say(blocked, false, kAnyContact, "2026-02-02");
  const Conversion bob = convert_lead(desk.session(), blocked, std::nullopt);
  CHECK(refusal(bob.contact) == "do not contact");
  CHECK(refusal(bob.customer) == "no consent");  // the company said nothing
  crm::test::CollectedRows shown;
  show_consent(desk.session(), bob.contact, {}, shown);
  REQUIRE(shown.rows.size() == 2);
  CHECK(shown.rows[0].at("since") == "2026-02-02T00:00:00+08:00");
  CHECK(shown.rows[0].at("evidence") == "asked on the phone");
  CHECK(shown.rows[1].at("state") == "given");

  const RecordId agreed = desk.lead("Ann");
  say(agreed, true, "newsletter", "2026-02-01");
  say(agreed, false, "newsletter", "2026-01-01");  // counts from now
  say(agreed, true, "newsletter", "2026-03-02T10:00:59");
  const Conversion ann = convert_lead(desk.session(), agreed, std::nullopt);
  CHECK(refusal(ann.contact).empty());
  CHECK(refusal(ann.customer).empty());
  undo(desk.session(), std::nullopt);
  CHECK(refusal(ann.contact) == "no consent");
  CHECK(refusal(agreed).empty());
}

TEST_CASE("a lost lead is opened again where the workflow names it, a won one is not") {
  Desk desk;
  const RecordId lead = desk.lead("Bob");
  lose_lead(desk.session(), lead, "price");
  CHECK(error_code([&] { advance_lead(desk.session(), lead); }) == 4);  // where to?
  CHECK(error_code([&] { advance_lead(desk.session(), lead, "new"); }) == 4);
  CHECK(error_code([&] { advance_lead(desk.session(), lead, "proposal"); }) == 4);
  advance_lead(desk.session(), lead, "contacted");
  CHECK(desk.text(lead, "stage") == "contacted");
  CHECK(desk.text(lead, "closed_at").empty());
  CHECK(desk.text(lead, "lost_reason").empty());
  advance_lead(desk.session(), lead, "proposal");
  CHECK(desk.text(lead, "stage") == "proposal");
  undo(desk.session(), std::nullopt);
  undo(desk.session(), std::nullopt);
  CHECK(desk.text(lead, "lost_reason") == "price");
  const RecordId won = desk.lead("Eve");
  advance_lead(desk.session(), won, "won");
  CHECK(error_code([&] { advance_lead(desk.session(), won, "contacted"); }) == 4);
}
