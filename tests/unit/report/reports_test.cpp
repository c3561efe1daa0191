#include "crm/report.h"

#include <doctest/doctest.h>

#include "crm/followups.h"
#include "crm/leads.h"
#include "records/open_beside.h"
#include "records/session_state.h"
#include "unit/desk.h"

using namespace crm;
using crm::test::Desk;
using crm::test::error_code;

namespace {

void at(Desk& desk, const std::string& now, RecordId lead, const std::string& stage) {
  desk.at(now);
  advance_lead(desk.session(), lead, stage);
}

const FunnelRow& row(const FunnelGroup& group, const std::string& stage) {
  for (const FunnelRow& found : group.rows) {
    if (found.stage == stage) return found;
  }
  FAIL("no row of " << stage);
  return group.rows.front();
}

void check(const FunnelRow& found, std::int64_t reached, std::int64_t advanced, std::int64_t lost,
           std::int64_t open) {
  CAPTURE(found.stage);
  CHECK(found.reached == reached);
  CHECK(found.advanced == advanced);
  CHECK(found.lost == lost);
  CHECK(found.open == open);
}

}  // namespace

TEST_CASE("an empty database has a funnel of zeros") {
  Desk desk;
  const Funnel found = funnel(desk.session(), {});
  REQUIRE(found.groups.size() == 1);
  REQUIRE(found.groups[0].rows.size() == 6);
  for (const FunnelRow& each : found.groups[0].rows) {
    check(each, 0, 0, 0, 0);
    CHECK_FALSE(each.conversion.has_value());
    CHECK_FALSE(each.median_days.has_value());
  }
  CHECK(funnel(desk.session(), {.by = "owner"}).groups.empty());
}

TEST_CASE("the funnel of many leads, which two threads read, is the one that a single thread counts") {
  ScratchDatabase database;
  const auto writing = database.open();
  // Every third one has no history; some have gone back; half of the stays have ended.
  writing->state().connection->run_script(
      "CREATE TEMP TABLE n AS WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < "
      "30001) SELECT i FROM n;"
      "INSERT INTO lead (id, name, region, stage, created_at, updated_at) SELECT i, 'a', 'r' || (i % 3), "
      "CASE "
      "i % 4 WHEN 0 THEN 'lost' WHEN 1 THEN 'won' ELSE 'qualified' END, i, i FROM n;"
      "INSERT INTO stage_change (record_kind, record_id, from_stage, to_stage, at, created_at, updated_at) "
      "SELECT 5, i, 'new', 'contacted', i, i, i FROM n WHERE i % 3 > 0 UNION ALL SELECT 5, i, 'contacted', "
      "CASE WHEN i % 5 = 0 THEN 'new' ELSE 'proposal' END, 2 * i, i, i FROM n WHERE i % 3 = 1");
  SessionOptions options;
  options.path = database.path();
  options.now = writing->now();
  Session reading(options);
  REQUIRE(open_beside(reading) != nullptr);
  REQUIRE(open_beside(*writing) == nullptr);
  for (const std::string by : {"", "region"}) {
    const Funnel two = funnel(reading, {.by = by});
    const Funnel one = funnel(*writing, {.by = by});
    CHECK(two.records == 30001);
    CHECK(two.without_history == 10000);
    CHECK(two.without_history == one.without_history);
    REQUIRE(two.groups.size() == one.groups.size());
    for (std::size_t group = 0; group < one.groups.size(); ++group) {
      CHECK(two.groups[group].name == one.groups[group].name);
      for (const FunnelRow& expected : one.groups[group].rows) {
        const FunnelRow& found = row(two.groups[group], expected.stage);
        check(found, expected.reached, expected.advanced, expected.lost, expected.open);
        CHECK(found.median_days == expected.median_days);
        CHECK(found.p90_days == expected.p90_days);
        CHECK(found.open_stays == expected.open_stays);
      }
    }
  }
}

TEST_CASE("a second connection is had only as long as it sees the same") {
  ScratchDatabase database;
  SessionOptions options;
  options.path = database.path();
  options.now = database.open()->now();
  Session reading(options);
  CHECK(open_beside(reading) != nullptr);
  const FieldText name[] = {{"name", "Li"}};
  add(*database.open(), Kind::lead, name);
  CHECK(open_beside(reading) == nullptr);
}

TEST_CASE("the funnel of a few leads, by hand") {
  Desk desk;
  desk.user("li");
  const RecordId won = desk.lead("won", {{"owner", "li"}, {"source", "web"}});
  const RecordId lost = desk.lead("lost", {{"owner", "li"}});
  desk.lead("new");
  const RecordId deleted = desk.lead("deleted");
  at(desk, "2026-03-03T10:00", won, "contacted");
  at(desk, "2026-03-05T10:00", lost, "proposal");  // two stages are skipped
  at(desk, "2026-03-06T10:00", lost, "lost");
  at(desk, "2026-03-06T10:00", won, "won");
  at(desk, "2026-03-06T10:00", deleted, "won");
  remove(desk.session(), deleted);
  // Two that history says nothing of: one is in a stage, one is lost.
  desk.session().state().connection->run_script(
      "INSERT INTO lead (name, stage, created_at, updated_at) VALUES ('a', 'qualified', 1, 1), ('b', 'lost', "
      "1, 1)");

  const Funnel all = funnel(desk.session(), {});
  CHECK(all.records == 5);
  CHECK(all.without_history == 2);
  const FunnelGroup& group = all.groups.at(0);
  check(row(group, "new"), 5, 3, 1, 1);
  check(row(group, "contacted"), 3, 3, 0, 0);
  check(row(group, "qualified"), 3, 2, 0, 1);
  check(row(group, "proposal"), 2, 1, 1, 0);
  check(row(group, "negotiation"), 1, 1, 0, 0);
  check(row(group, "won"), 1, 0, 0, 1);
  CHECK(row(group, "new").conversion.value() == doctest::Approx(0.6));
  CHECK(row(group, "qualified").overall.value() == doctest::Approx(0.6));
  CHECK_FALSE(row(group, "won").conversion.has_value());
  CHECK(row(group, "new").median_days.value() == doctest::Approx(2));  // stays of 1 and 3 days
  CHECK(row(group, "new").p90_days.value() == doctest::Approx(2.8));
  CHECK(row(group, "new").open_stays == 1);
  CHECK(row(group, "contacted").median_days.value() == doctest::Approx(3));
  CHECK(row(group, "proposal").median_days.value() == doctest::Approx(1));
  CHECK(row(group, "won").open_stays == 1);

  const Funnel owners = funnel(desk.session(), {.by = "owner"});
  REQUIRE(owners.groups.size() == 2);
  CHECK(owners.groups[0].name == "li");
  check(row(owners.groups[0], "proposal"), 2, 1, 1, 0);
  CHECK_FALSE(owners.groups[1].name.has_value());
  check(row(owners.groups[1], "new"), 3, 1, 1, 1);

  const Funnel months = funnel(desk.session(), {.by = "month"});
  REQUIRE(months.groups.size() == 2);
  CHECK(months.groups[0].name == "1970-01");
  CHECK(months.groups[1].name == "2026-03");
  CHECK(error_code([&] { funnel(desk.session(), {.by = "phone"}); }) == 2);
  CHECK(error_code([&] { funnel(desk.session(), {.kind = Kind::customer}); }) == 2);
}

TEST_CASE("gone back, it still counts at the furthest; won and then lost, it still counts as open there") {
  Desk desk;
  const RecordId back = desk.lead("back");
  const RecordId fallen = desk.lead("fallen");
  desk.session().state().connection->run_script(
      "INSERT INTO stage_change (record_kind, record_id, from_stage, to_stage, at, created_at, updated_at) "
      "VALUES "
      "(5, 1, 'new', 'proposal', 2000000000, 1, 1), (5, 1, 'proposal', 'contacted', 2000086400, 1, 1), "
      "(5, 2, 'new', 'won', 2000000000, 1, 1), (5, 2, 'won', 'lost', 2000086400, 1, 1);"
      "UPDATE lead SET stage = 'contacted' WHERE id = 1; UPDATE lead SET stage = 'lost' WHERE id = 2");
  const Funnel found = funnel(desk.session(), {});
  check(row(found.groups[0], "contacted"), 2, 2, 0, 0);
  check(row(found.groups[0], "proposal"), 2, 1, 0, 1);
  check(row(found.groups[0], "won"), 1, 0, 0, 1);
  CHECK(row(found.groups[0], "won").median_days.value() == doctest::Approx(1));
  (void)back, (void)fallen;
}

TEST_CASE("the period is about the creation, and its last day is in it") {
  Desk desk;
  for (const char* now :
       {"2026-02-28T23:59:59", "2026-03-01T00:00:00", "2026-03-31T23:59:59", "2026-04-01T00:00:00"}) {
    desk.at(now);
    desk.lead("x");
  }
  CHECK(funnel(desk.session(), {.period = {"2026-03-01", "2026-03-31"}}).records == 2);
  CHECK(funnel(desk.session(), {.period = {"2026-03-01", ""}}).records == 3);
  CHECK(funnel(desk.session(), {.period = {"", "2026-03-31"}}).records == 3);
  CHECK(error_code([&] { funnel(desk.session(), {.period = {"2026-03-31", "2026-03-01"}}); }) == 2);
  CHECK(error_code([&] { funnel(desk.session(), {.period = {"soon", ""}}); }) == 2);
}

TEST_CASE("activity counts what happened, by person and type, and what was logged in time") {
  Desk desk;
  desk.user("li");
  const RecordId lead = desk.lead("Bob", {{"owner", "li"}});
  const auto talk = [&](const std::string& type, const std::string& moment) {
    LogFollowup log;
    log.about = lead;
    log.fields = {{"type", type}, {"at", moment}, {"owner", "li"}};
    log_followup(desk.session(), log);
  };
  talk("call", "2026-03-01T10:00:00");  // 24:00:00 before now
  talk("call", "2026-03-01T09:59:59");
  talk("visit", "2026-03-02T09:00");
  plan_followup(desk.session(), lead, {{"due_at", "-1d"}});
  desk.session().state().connection->run_script(
      "INSERT INTO followup (about_kind, about_id, at, created_at, updated_at) VALUES (5, 1, 1772400000, 1, "
      "1)");
  const Activity found = activity(desk.session(), {});
  REQUIRE(found.rows.size() == 2);
  const ActivityRow& li = found.rows[0];
  CHECK(li.owner == "li");
  CHECK(li.followups == 3);
  CHECK(found.types[0] == "call");
  CHECK(li.by_type[0] == 2);
  CHECK(li.on_time == 2);
  CHECK(li.late == 1);
  CHECK(li.on_time_rate.value() == doctest::Approx(2.0 / 3));
  CHECK_FALSE(found.rows[1].owner.has_value());
  CHECK(found.rows[1].not_measurable == 1);
  CHECK_FALSE(found.rows[1].on_time_rate.has_value());
  CHECK(found.total.followups == 4);
  CHECK(activity(desk.session(), {"li", {"2026-03-02", "2026-03-02"}}).total.followups == 1);
}

TEST_CASE("overdue plans by person, the most first") {
  Desk desk;
  desk.user("li");
  const RecordId lead = desk.lead("Bob");
  const auto plan = [&](const std::string& due, const std::string& owner) {
    plan_followup(desk.session(), lead, {{"due_at", due}, {"owner", owner}});
  };
  plan("2026-03-01T10:00", "li");
  plan("2026-02-26T10:00", "li");
  plan("2026-03-02T10:00", "li");
  plan("2026-03-02T09:00", "admin");
  const Overdue found = overdue(desk.session());
  REQUIRE(found.rows.size() == 2);
  CHECK(found.plans == 3);
  CHECK(found.rows[0].owner == "li");
  CHECK(found.rows[0].plans == 2);
  CHECK(found.rows[0].oldest_days == doctest::Approx(4));
  CHECK(found.rows[0].median_days == doctest::Approx(2.5));
  CHECK(found.rows[1].owner == "admin");
}

TEST_CASE("the funnel's scan of the changes needs nothing but its index") {
  Desk desk;
  bool covered = false;
  desk.session().state().connection->each(
      "EXPLAIN QUERY PLAN SELECT record_id, at, from_stage, to_stage FROM stage_change WHERE record_kind = 5 "
      "AND deleted_at IS NULL ORDER BY record_id, at",
      {}, [&](const Row& plan) {
        CHECK(plan.text(3).find("TEMP B-TREE") == std::string_view::npos);
        covered = covered ||
                  plan.text(3).find("USING COVERING INDEX stage_change_record") != std::string_view::npos;
      });
  CHECK(covered);
}
