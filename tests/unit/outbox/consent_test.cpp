#include "crm/consent.h"

#include <doctest/doctest.h>

#include "outbox/permission.h"
#include "records/session_state.h"
#include "unit/desk.h"

using namespace crm;
using crm::test::CollectedRows;
using crm::test::Desk;
using crm::test::error_code;

namespace {

class Register : public Desk {
 public:
  RecordId person = add(Kind::contact, {{"name", "A"}, {"email", "a@example.org"}});

  void say(bool given, const std::string& at = {}, const std::string& purpose = "newsletter") {
    ConsentStatement statement{person, {}, purpose, given, at};
    state_consent(session(), {&statement, 1});
  }
  std::string refusal() {
    return refusal_of(*session().state().connection, {person, "a@example.org"}, "newsletter");
  }
  CollectedRows::Texts shown() {
    CollectedRows rows;
    show_consent(session(), person, {}, rows);
    return rows.rows.at(0);
  }
};

}  // namespace

TEST_CASE("nothing can be said in the future") {
  Register people;
  CHECK(error_code([&] { people.say(true, "2026-03-02T10:02"); }) == 4);
  CHECK(error_code([&] { people.say(false, "+2d"); }) == 4);
  CHECK(error_code([&] { people.say(true, "2030-01-01", kAnyContact); }) == 4);
  people.say(true, "2026-03-02T10:01");  // clocks differ
  CHECK(people.refusal().empty());
}

TEST_CASE("a clock that was ahead keeps nobody from opting out, nor from agreeing again") {
  Register people;
  people.at("2027-01-01T10:00");
  people.say(true);
  people.say(true, {}, kAnyContact);
  people.at("2026-03-02T10:00");
  CHECK(people.refusal().empty());
  people.say(false);
  CHECK(people.refusal() == "consent withdrawn");
  CHECK(people.shown().at("state") == "given");  // any contact
  people.say(false, {}, kAnyContact);
  CHECK(people.refusal() == "do not contact");
  CHECK(people.shown().at("state") == "withdrawn");

  people.at("2027-02-01T10:00");
  people.say(false, {}, kAnyContact);
  people.at("2026-03-03T10:00");
  people.say(true);
  people.say(true, {}, kAnyContact);
  CHECK(people.refusal().empty());
  people.say(false);
  CHECK(people.refusal() == "consent withdrawn");
}

TEST_CASE("an opt-out that is entered after consent wins, whenever it was said") {
  Register people;
  people.say(true, "2026-02-01");
  people.say(false, "2026-01-01");
  CHECK(people.refusal() == "consent withdrawn");
  CHECK(people.shown().at("since") == "2026-03-02T10:00:00+08:00");
  CHECK(people.shown().at("evidence").starts_with("said on 2026-01-01T00:00:00+08:00; entered by admin"));
  CHECK(people.session().take_notices().size() == 1);
  // A form that is older than the opt-out changes nothing, and that is said.
  people.say(true, "2026-02-15");
  CHECK(people.refusal() == "consent withdrawn");
  REQUIRE(people.session().take_notices().size() == 1);
  people.say(true);
  CHECK(people.refusal().empty());
  CHECK(people.session().take_notices().empty());
}

TEST_CASE("opting out needs no proof: who entered it, and how, is one") {
  Register people;
  people.say(false);
  CHECK(people.shown().at("evidence") == "entered by admin with 'crm consent withdraw'");
  people.say(false, {}, kAnyContact);
  CHECK(people.shown().at("evidence") == "entered by admin with 'crm consent block'");
  people.say(true);
  people.say(true, {}, kAnyContact);
  CHECK(people.shown().at("evidence").empty());
}
