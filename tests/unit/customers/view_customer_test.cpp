#include "crm/customers.h"

#include <doctest/doctest.h>

#include <set>

#include "crm/followups.h"
#include "crm/leads.h"
#include "unit/desk.h"

using namespace crm;
using crm::test::CollectedRows;
using crm::test::Desk;
using crm::test::error_code;

TEST_CASE("the view of a customer has everything around it once, newest first, and nothing of others") {
  Desk desk;
  const RecordId lead = desk.lead("王芳", {{"company", "Acme"}});
  const RecordId foreign = desk.lead("other");
  LogFollowup log;
  log.about = lead;
  log.next = "+9d";
  desk.at("2026-03-03T10:00");
  log_followup(desk.session(), log);  // followup/1, plan followup/2
  log.about = foreign;
  log_followup(desk.session(), log);
  desk.at("2026-03-04T10:00");
  const Conversion converted = convert_lead(desk.session(), lead);
  desk.at("2026-03-05T10:00");
  log.next = "+1d";
  for (const RecordId& about : {converted.customer, converted.contact}) {
    log.about = about;
    log_followup(desk.session(), log);
  }
  const FieldText fields[] = {{"region", "East"}, {"level", "A"}};
  edit(desk.session(), converted.customer, fields);
  const RecordId extra =
      desk.add(Kind::contact, {{"name", "gone"}, {"customer", std::to_string(converted.customer.id)}});
  remove(desk.session(), extra);

  CollectedRows found;
  const ListResult all = view_customer(desk.session(), converted.customer, std::nullopt, found);
  CHECK(all.rows == static_cast<std::int64_t>(found.rows.size()));
  CHECK_FALSE(all.more);
  std::set<std::pair<std::string, std::string>> seen;
  std::set<std::string> events;
  std::string before = "9999";
  for (const auto& row : found.rows) {
    CHECK(row.at("at") <= before);
    before = row.at("at");
    CHECK(seen.insert({row.at("record"), row.at("text")}).second);
    events.insert(row.at("event") + " " + row.at("record"));
  }
  const std::set<std::string> expected = {
      "change customer/1",    "contact contact/1",   "lead lead/1",     "stage stage-change/1",
      "stage stage-change/3", "followup followup/1", "plan followup/2", "followup followup/5",
      "plan followup/6",      "followup followup/7", "plan followup/8"};
  CHECK(events == expected);
  CHECK(found.rows.size() == expected.size() + 1);  // the customer was added and changed
  bool changed = false;
  for (const auto& row : found.rows) changed = changed || row.at("text") == "changed level, region";
  CHECK(changed);

  CollectedRows some;
  const ListResult limited = view_customer(desk.session(), converted.customer, 3, some);
  CHECK(limited.more);
  REQUIRE(some.rows.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) CHECK(some.rows[i] == found.rows[i]);
  CHECK(error_code([&] { view_customer(desk.session(), {Kind::customer, 9}, std::nullopt, some); }) == 3);
}
