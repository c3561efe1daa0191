#include "crm/followups.h"

#include <doctest/doctest.h>

#include "crm/leads.h"
#include "crm/report.h"
#include "crm/users.h"
#include "unit/desk.h"

using namespace crm;
using crm::test::CollectedRows;
using crm::test::Desk;
using crm::test::error_code;

namespace {

RecordId plan(Desk& desk, RecordId about, const std::string& due) {
  return plan_followup(desk.session(), about, {{"due_at", due}}).record;
}

LoggedFollowup log(Desk& desk, RecordId about, const std::string& at = {}, const std::string& next = {}) {
  LogFollowup talk;
  talk.about = about;
  if (!at.empty()) talk.fields = {{"at", at}};
  talk.next = next;
  return log_followup(desk.session(), talk);
}

std::vector<std::string> ids(Desk& desk, PlanList list, const std::string& owner = {}, int days = 7) {
  PlanQuery query;
  query.list = list;
  query.owner = owner;
  query.days = days;
  CollectedRows rows;
  list_plans(desk.session(), query, rows);
  std::vector<std::string> found;
  for (const auto& row : rows.rows) found.push_back(row.at("id"));
  return found;
}

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("logged exactly 24 hours after it happened is on time, a second more is late") {
  Desk desk;
  const RecordId lead = desk.lead("Bob");
  CHECK(desk.text(log(desk, lead, "2026-03-01T10:00:00").followup, "late") == "false");
  CHECK(desk.text(log(desk, lead, "2026-03-01T09:59:59").followup, "late") == "true");
  CHECK(desk.text(log(desk, lead).followup, "late") == "false");
  CHECK(error_code([&] { log(desk, lead, "2026-03-02T10:00:01"); }) == 4);
}

TEST_CASE("a talk settles the record's oldest open plan, at the moment it happened") {
  Desk desk;
  const RecordId lead = desk.lead("Bob"), other = desk.lead("Eve");
  const RecordId later = plan(desk, lead, "+5d"), oldest = plan(desk, lead, "+1d"),
                 foreign = plan(desk, other, "-9d");
  const LoggedFollowup logged = log(desk, lead, "2026-03-02T08:00");
  CHECK(logged.completed == oldest);
  CHECK(desk.text(oldest, "done_at") == "2026-03-02T08:00:00+08:00");
  CHECK(desk.text(oldest, "at").empty());
  CHECK(desk.text(later, "done_at").empty());
  CHECK(desk.text(foreign, "done_at").empty());
  CHECK(log(desk, lead).completed == later);
  CHECK_FALSE(log(desk, lead).completed.has_value());
}

TEST_CASE("another plan can be settled, or none") {
  Desk desk;
  const RecordId lead = desk.lead("Bob");
  const RecordId oldest = plan(desk, lead, "+1d"), later = plan(desk, lead, "+5d");
  LogFollowup talk;
  talk.about = lead;
  talk.keep_plan = true;
  CHECK_FALSE(log_followup(desk.session(), talk).completed.has_value());
  talk.keep_plan = false;
  talk.plan = later.id;
  CHECK(log_followup(desk.session(), talk).completed == later);
  CHECK(desk.text(oldest, "done_at").empty());
  CHECK(error_code([&] { log_followup(desk.session(), talk); }) == 6);  // it is settled
  talk.plan = plan(desk, desk.lead("Eve"), "+1d").id;
  CHECK(error_code([&] { log_followup(desk.session(), talk); }) == 4);
  talk.plan = 99;
  CHECK(error_code([&] { log_followup(desk.session(), talk); }) == 3);
}

TEST_CASE("the next one is planned in the same change, for the record's owner") {
  Desk desk;
  desk.user("li");
  const RecordId lead = desk.lead("Bob", {{"owner", "li"}});
  const LoggedFollowup logged = log(desk, lead, {}, "+3d");
  REQUIRE(logged.next.has_value());
  CHECK(desk.text(*logged.next, "due_at") == "2026-03-05T10:00:00+08:00");
  CHECK(desk.text(*logged.next, "owner") == "li");
  CHECK(desk.text(logged.followup, "owner") == "admin");
  CHECK(desk.text(lead, "next_followup_at") == "2026-03-05T10:00:00+08:00");
  CHECK(desk.text(lead, "followup_count") == "1");
  undo(desk.session(), std::nullopt);
  CHECK(desk.list(Kind::followup).empty());
}

TEST_CASE("a stage with an outcome cancels the open plans, and nothing more is planned") {
  Desk desk;
  for (const bool won : {true, false}) {
    const RecordId lead = desk.lead("Bob");
    const RecordId first = plan(desk, lead, "+1d"), second = plan(desk, lead, "-1d");
    if (won) {
      advance_lead(desk.session(), lead, "won");
    } else {
      lose_lead(desk.session(), lead, "price");
    }
    for (const RecordId& cancelled : {first, second}) {
      CHECK(desk.text(cancelled, "outcome") == "cancelled");
      CHECK(desk.text(cancelled, "done_at") == "2026-03-02T10:00:00+08:00");
      CHECK(desk.text(cancelled, "at").empty());
    }
    const LoggedFollowup after = log(desk, lead, {}, "+3d");
    CHECK_FALSE(after.next.has_value());
    CHECK_FALSE(desk.session().take_notices().empty());
    CHECK(error_code([&] { plan(desk, lead, "+1d"); }) == 4);
  }
  CHECK(ids(desk, PlanList::overdue).empty());
}

TEST_CASE("a plan is done, moved or cancelled once") {
  Desk desk;
  const RecordId lead = desk.lead("Bob");
  const RecordId done = plan(desk, lead, "-1d"), cancelled = plan(desk, lead, "-1d");
  reschedule_followup(desk.session(), done, "+2d");
  CHECK(desk.text(done, "due_at") == "2026-03-04T10:00:00+08:00");
  complete_followup(desk.session(), done, {{"outcome", "agreed"}});
  CHECK(desk.text(done, "at") == "2026-03-02T10:00:00+08:00");
  CHECK(desk.text(done, "done_at") == desk.text(done, "at"));
  CHECK(desk.text(done, "logged_at") == desk.text(done, "at"));
  cancel_followup(desk.session(), cancelled, "called us first");
  CHECK(desk.text(cancelled, "outcome") == "called us first");
  CHECK(desk.text(cancelled, "at").empty());
  for (const RecordId& settled : {done, cancelled}) {
    CHECK(error_code([&] { complete_followup(desk.session(), settled, {}); }) == 6);
    CHECK(error_code([&] { reschedule_followup(desk.session(), settled, "+1d"); }) == 6);
    CHECK(error_code([&] { cancel_followup(desk.session(), settled); }) == 6);
  }
  CHECK(error_code([&] { cancel_followup(desk.session(), log(desk, lead).followup); }) == 6);
}

TEST_CASE("lists of plans: what is overdue, due by the end of today, due in the next days") {
  Desk desk;
  desk.user("li");
  const RecordId lead = desk.lead("Bob", {{"owner", "li"}}), free = desk.lead("Eve");
  plan(desk, lead, "2026-03-02T10:00:00");  // 1: due right now is not overdue
  plan(desk, lead, "2026-03-02T09:59:59");  // 2
  plan(desk, lead, "2026-03-02T23:59:59");  // 3
  plan(desk, free, "2026-03-03T00:00:00");  // 4
  plan(desk, free, "2026-03-08T23:59:59");  // 5
  plan(desk, lead, "2026-03-09T00:00:00");  // 6
  CHECK(ids(desk, PlanList::overdue) == Ids{"2"});
  CHECK(ids(desk, PlanList::due) == Ids{"2", "1", "3"});
  CHECK(ids(desk, PlanList::agenda) == Ids{"2", "1", "3", "4", "5"});
  CHECK(ids(desk, PlanList::agenda, {}, 1) == Ids{"2", "1", "3"});
  CHECK(ids(desk, PlanList::agenda, "admin") == Ids{"4", "5"});
  CHECK(ids(desk, PlanList::overdue, "li") == Ids{"2"});
  CHECK(error_code([&] { ids(desk, PlanList::due, "nobody"); }) == 3);
}

TEST_CASE("what happened is no plan, even where it has a due time") {
  Desk desk;
  const RecordId lead = desk.lead("Bob");
  const RecordId talk =
      desk.add(Kind::followup, {{"about", "lead/1"}, {"at", "2026-03-01"}, {"due_at", "2026-02-28"}});
  CHECK(ids(desk, PlanList::overdue).empty());
  CHECK(desk.text(talk, "overdue") == "false");
  CHECK(desk.text(lead, "overdue") == "false");
  CHECK_FALSE(log(desk, lead).completed.has_value());
  CHECK(error_code([&] { cancel_followup(desk.session(), talk); }) == 6);
}

TEST_CASE("plans about a deleted record are on no list until it is restored") {
  Desk desk;
  const RecordId lead = desk.lead("Bob");
  const RecordId customer = desk.add(Kind::customer, {{"name", "Acme"}});
  const RecordId contact = desk.add(Kind::contact, {{"name", "Eve"}, {"customer", "Acme"}});
  for (const RecordId& about : {lead, customer, contact}) plan(desk, about, "-1d");
  const Ids all = {"1", "2", "3"};
  for (const PlanList list : {PlanList::overdue, PlanList::due, PlanList::agenda})
    CHECK(ids(desk, list) == all);
  CHECK(overdue(desk.session()).plans == 3);
  for (const RecordId& about : {lead, contact, customer}) remove(desk.session(), about);
  for (const PlanList list : {PlanList::overdue, PlanList::due, PlanList::agenda})
    CHECK(ids(desk, list).empty());
  CHECK(overdue(desk.session()).plans == 0);
  CHECK(desk.list(Kind::followup, {"about_deleted=yes"}).size() == 3);
  restore(desk.session(), lead);
  CHECK(ids(desk, PlanList::overdue) == Ids{"1"});
  CHECK(overdue(desk.session()).plans == 1);
}

TEST_CASE("a plan for a day is due at its end, one for a moment then") {
  Desk desk;
  const RecordId lead = desk.lead("Bob");
  const RecordId today = plan(desk, lead, "2026-03-02");
  CHECK(desk.text(today, "due_at") == "2026-03-02T23:59:59+08:00");
  CHECK(desk.text(plan(desk, lead, "tomorrow"), "due_at") == "2026-03-03T23:59:59+08:00");
  CHECK(desk.text(plan(desk, lead, "2026-03-02T00:00"), "due_at") == "2026-03-02T00:00:00+08:00");
  CHECK(desk.text(plan(desk, lead, "+1d"), "due_at") == "2026-03-03T10:00:00+08:00");
  CHECK(ids(desk, PlanList::overdue) == Ids{"3"});
  CHECK(ids(desk, PlanList::due) == Ids{"3", "1"});
  reschedule_followup(desk.session(), today, "2026-03-04");
  CHECK(desk.text(today, "due_at") == "2026-03-04T23:59:59+08:00");
  const LoggedFollowup logged = log(desk, lead, {}, "2026-03-05");
  CHECK(desk.text(*logged.next, "due_at") == "2026-03-05T23:59:59+08:00");
  desk.at("2026-03-05T00:00:00");
  CHECK(ids(desk, PlanList::overdue) == Ids{"4", "2", "1"});
}

TEST_CASE("lists of plans say what the record is called, whatever kind it is of") {
  Desk desk;
  const RecordId lead = desk.lead("王芳");
  const RecordId customer = desk.add(Kind::customer, {{"name", "Acme"}});
  const RecordId contact = desk.add(Kind::contact, {{"name", "Bo"}});
  for (const RecordId about : {lead, customer, contact}) plan(desk, about, "+1d");
  PlanQuery query;
  query.list = PlanList::agenda;
  CollectedRows rows;
  list_plans(desk.session(), query, rows);
  REQUIRE(rows.rows.size() == 3);
  CHECK(rows.rows[0].at("about") == "lead/1");
  CHECK(rows.rows[0].at("about_name") == "王芳");
  CHECK(rows.rows[1].at("about_name") == "Acme");
  CHECK(rows.rows[2].at("about_name") == "Bo");
  CHECK(desk.text({Kind::followup, 1}, "about_name") == "王芳");
  CHECK(desk.list(Kind::followup, {"about_name~cm"}).size() == 1);
}

TEST_CASE("nothing is planned about a closed record, whichever way the plan is written") {
  Desk desk;
  const RecordId lost = desk.lead("Bob"), open = desk.lead("Eve");
  const RecordId elsewhere = plan(desk, open, "+1d");
  lose_lead(desk.session(), lost, "price");
  CHECK(error_code([&] { plan(desk, lost, "+1d"); }) == 4);
  CHECK(error_code([&] { desk.add(Kind::followup, {{"about", to_string(lost)}, {"due_at", "+1d"}}); }) == 4);
  const std::vector<FieldText> moved = {{"about", to_string(lost)}};
  CHECK(error_code([&] { edit(desk.session(), elsewhere, moved); }) == 4);
  const RecordId cancelled = plan(desk, open, "+2d");
  lose_lead(desk.session(), open, "price");
  const std::vector<FieldText> reopened = {{"done_at", ""}};
  CHECK(error_code([&] { edit(desk.session(), cancelled, reopened); }) == 4);
  const std::vector<FieldText> noted = {{"note", "called us"}};
  edit(desk.session(), cancelled, noted);
  desk.add(Kind::followup, {{"about", to_string(lost)}, {"at", "now"}});
}

TEST_CASE("no talk happened in the future, whichever way it is written") {
  Desk desk;
  const RecordId lead = desk.lead("Bob");
  const RecordId due = plan(desk, lead, "+1d");
  CHECK(error_code([&] { complete_followup(desk.session(), due, {{"at", "+3d"}}); }) == 4);
  CHECK(error_code([&] { desk.add(Kind::followup, {{"about", "lead/1"}, {"at", "2030-01-01"}}); }) == 4);
  const RecordId talk = log(desk, lead).followup;
  const std::vector<FieldText> later = {{"at", "+1h"}};
  CHECK(error_code([&] { edit(desk.session(), talk, later); }) == 4);
  desk.at("2026-03-01T10:00");  // the clock is put back: what was entered stays, and can be edited
  const std::vector<FieldText> noted = {{"note", "called us"}};
  CHECK(edit(desk.session(), talk, noted).written == Written::updated);
}

TEST_CASE("a plan that is added belongs to whoever has the record, and to nobody who has left") {
  Desk desk;
  desk.user("li");
  const RecordId gone = desk.user("wang");
  const RecordId lead = desk.lead("Bob", {{"owner", "wang"}});
  desk.add(Kind::followup, {{"about", "lead/1"}, {"due_at", "+1d"}});
  CHECK(desk.text({Kind::followup, 1}, "owner") == "wang");
  deactivate_user(desk.session(), gone);
  CHECK(desk.text(plan(desk, lead, "+2d"), "owner") == "wang");  // whose manager is reminded
  const RecordId other = desk.lead("Eve", {{"owner", "li"}});
  const std::vector<FieldText> fields = {{"about", to_string(other)}, {"due_at", "+1d"}, {"owner", "wang"}};
  CHECK(error_code([&] { desk.add(Kind::followup, fields); }) == 4);
  CHECK(error_code([&] {
          plan_followup(desk.session(), other, {{"due_at", "+1d"}, {"owner", "wang"}});
        }) == 4);
  // What somebody did before they left is theirs.
  desk.add(Kind::followup, {{"about", to_string(other)}, {"at", "-2d"}, {"owner", "wang"}});
}
