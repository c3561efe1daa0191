#include "outbox/same_person.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "crm/consent.h"
#include "crm/leads.h"
#include "crm/merge.h"
#include "records/session_state.h"
#include "unit/desk.h"

using namespace crm;
using crm::test::CollectedRows;
using crm::test::Desk;

namespace {

class Household : public Desk {
 public:
  RecordId contact(const std::string& name, const std::string& email, const std::string& phone = {}) {
    return add(Kind::contact, {{"name", name}, {"email", email}, {"phone", phone}});
  }
  void say(const std::optional<RecordId>& person, bool given, const std::string& purpose = kAnyContact,
           const std::string& address = {}) {
    const ConsentStatement statement{person, address, purpose, given};
    state_consent(session(), {&statement, 1});
  }
  void move(RecordId person, const std::string& email) {
    const FieldText fields[] = {{"email", email}};
    edit(session(), person, fields);
  }
  std::string refusal(RecordId person) {
    const std::string address = text(person, "email");
    return refusal_of(*session().state().connection, {person, address}, "newsletter");
  }
};

}  // namespace

TEST_CASE(
    "an opt-out set on a lead after its conversion reaches what was made of it, and the other way round") {
  Household house;
  const RecordId lead = house.lead("Wang Wei", {{"email", "wang@example.org"}});
  house.say(lead, true, "newsletter");
  const Conversion made = convert_lead(house.session(), lead, {});
  for (const RecordId one : {made.contact, made.customer}) CHECK(house.refusal(one).empty());
  // Each has an address of its own by now.
  house.move(made.contact, "w@example.com");
  house.move(made.customer, "w@example.net");
  house.say(lead, false, "newsletter");
  for (const RecordId one : {made.contact, made.customer}) CHECK(house.refusal(one) == "consent withdrawn");
  house.say(lead, true, "newsletter");
  for (const RecordId one : {made.contact, made.customer}) CHECK(house.refusal(one).empty());
  house.say(made.contact, false);
  for (const RecordId one : {made.contact, made.customer, lead})
    CHECK(house.refusal(one) == "do not contact");
  // It is told whose word it was.
  CollectedRows shown;
  show_consent(house.session(), lead, {}, shown);
  CHECK(shown.rows.at(0).at("about") == to_string(made.contact));
  CHECK(shown.rows.at(0).at("state") == "withdrawn");
}

TEST_CASE("a colleague is somebody else, a company's own word counts for those who work there") {
  Household house;
  const RecordId lead =
      house.lead("Wang Wei", {{"email", "wang@example.org"}, {"company", "Acme"}, {"phone", "13800138000"}});
  const Conversion made = convert_lead(house.session(), lead, {});
  const RecordId colleague = house.add(
      Kind::contact,
      {{"name", "Li Na"}, {"email", "li@example.org"}, {"customer", std::to_string(made.customer.id)}});
  for (const RecordId one : {made.contact, colleague}) house.say(one, true, "newsletter");
  house.say(lead, false);
  CHECK(house.refusal(made.contact) == "do not contact");
  CHECK(house.refusal(colleague).empty());
  house.say(made.customer, false);
  CHECK(house.refusal(colleague) == "do not contact");
  house.say(made.customer, true);
  CHECK(house.refusal(colleague).empty());
}

TEST_CASE("records with the same address or phone are one person, also where one leads to the next") {
  Household house;
  const RecordId first = house.contact("A", "a@example.org", "+86 138 0013 8000");
  const RecordId second = house.contact("A.", "b@example.org", "13800138000");
  const RecordId third = house.lead("a", {{"email", "B@example.org"}, {"phone", "13900139000"}});
  const RecordId fourth = house.lead("aa", {{"email", "d@example.org"}, {"phone", "0086 13900139000"}});
  const RecordId other = house.contact("B", "ab@example.org", "13800138001");
  for (const RecordId one : {first, second, fourth, other}) house.say(one, true, "newsletter");
  house.say(fourth, false);
  CHECK(house.refusal(first) == "do not contact");
  CHECK(house.refusal(second) == "do not contact");
  CHECK(house.refusal(third) == "do not contact");
  CHECK(house.refusal(other).empty());
  // Who then says of themselves that they may be written to, may.
  house.say(first, true);
  CHECK(house.refusal(first).empty());
  // An opt-out of long ago that is entered late wins all the same.
  const ConsentStatement late{third, {}, kAnyContact, false, "2026-01-01"};
  state_consent(house.session(), {&late, 1});
  CHECK(house.refusal(first) == "do not contact");
}

TEST_CASE("a number of very many is a switchboard's") {
  Household house;
  std::vector<RecordId> people;
  for (int i = 0; i < 21; ++i) {
    people.push_back(
        house.contact("P" + std::to_string(i), "p" + std::to_string(i) + "@example.org", "02112345678"));
  }
  const auto refused = [&] {
    return std::count_if(people.begin() + 1, people.end(),
                         [&](RecordId one) { return !house.refusal(one).empty(); });
  };
  for (const RecordId one : people) house.say(one, true, "newsletter");
  house.say(people.front(), false);
  CHECK(refused() == 0);
  remove(house.session(), people.back());
  CHECK(refused() == 20);
}

TEST_CASE("an opt-out survives a merge and a new address") {
  Household house;
  const RecordId winner = house.contact("A", "a@example.org");
  const RecordId loser = house.contact("A", "b@example.org");
  house.say(winner, true, "newsletter");
  const RecordId losers[] = {loser};
  merge(house.session(), winner, losers);
  house.say(std::nullopt, false, kAnyContact, "b@example.org");
  CHECK(house.refusal(winner) == "do not contact");

  const RecordId moved = house.contact("C", "c@example.org");
  house.say(moved, true, "newsletter");
  house.say(std::nullopt, false, kAnyContact, "C@example.org");
  house.move(moved, "c@example.net");
  CHECK(house.refusal(moved) == "do not contact");
}
