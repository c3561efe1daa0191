// What happens by time alone.
#include <doctest/doctest.h>

#include "crm/followups.h"
#include "crm/leads.h"
#include "unit/engine/engine_desk.h"

using namespace crm;
using crm::test::EngineDesk;

TEST_SUITE_BEGIN("engine/run");

TEST_CASE("a stage's limit sets off its rules once for each stay, at its own time") {
  EngineDesk desk(R"yaml(
stages: {lead: [{name: new, within: 8h}, {name: talked, within: 1d}, {name: won, outcome: won}]}
rules:
  - {name: late, on: lead.overdue, do: [{followup: {due: 1h, note: "{{stage}}"}}]}
)yaml");
  const RecordId lead = desk.lead("A");
  CHECK(desk.run("2026-03-02T17:59").done == 0);
  CHECK(desk.run("2026-03-05T09:00").done == 1);
  const auto plans = desk.list(Kind::followup);
  REQUIRE(plans.size() == 1);
  CHECK(plans[0].at("due_at") == "2026-03-02T19:00:00+08:00");
  CHECK(desk.run("2026-03-05T09:00").done == 0);
  CHECK(desk.run("2026-03-01T09:00").done == 0);
  CHECK(desk.run("2026-04-05T09:00").done == 0);
  desk.at("2026-04-05T09:00");
  advance_lead(desk.session(), lead, "talked");
  CHECK(desk.run("2026-04-06T08:59").done == 0);
  CHECK(desk.run("2026-04-06T09:00").done == 1);
  CHECK(desk.list(Kind::followup).size() == 2);
}

TEST_CASE("a scheduled rule acts on what comes to match, once, and is caught up once") {
  EngineDesk desk(R"yaml(
rules:
  - {name: r, every: day at 02:00, for: lead, when: "source = 'web'", do: [{set: {note: "{{note}}x"}}]}
)yaml");
  const RecordId lead = desk.lead("A", {{"source", "web"}});
  CHECK(desk.run("2026-03-02T23:00").done == 0);
  CHECK(desk.run("2026-03-06T12:00").done == 1);
  CHECK(desk.text(lead, "note") == "x");
  CHECK(desk.count("SELECT acted_at FROM change ORDER BY id DESC LIMIT 1") ==
        1772733600);  // 2026-03-06 02:00
  CHECK(desk.run("2026-03-07T12:00").done == 0);
  desk.at("2026-03-07T13:00");
  edit(desk.session(), lead, std::vector<FieldText>{{"source", "fair"}});
  CHECK(desk.run("2026-03-08T12:00").done == 0);
  desk.at("2026-03-08T13:00");
  edit(desk.session(), lead, std::vector<FieldText>{{"source", "web"}});
  CHECK(desk.run("2026-03-09T12:00").done == 1);
  CHECK(desk.text(lead, "note") == "xx");
  CHECK(desk.run("2026-03-08T12:00").done == 0);
}

TEST_CASE("a schedule of workdays keeps the workflow's holidays and make-up days") {
  EngineDesk desk(R"yaml(
calendar: {hours: {mon-fri: "09:00-18:00"}, holidays: ["2026-03-03..2026-03-06"], workdays: ["2026-03-07"]}
rules:
  - {name: r, every: workday at 02:00, for: lead, when: "source = 'web'", do: [{tag: seen}]}
)yaml");
  desk.lead("A", {{"source", "web"}});
  CHECK(desk.run("2026-03-06T12:00").done == 0);
  CHECK(desk.run("2026-03-07T03:00").done == 1);
}

TEST_CASE("a clock that another one's rule has settled does not act any more, though both were due") {
  EngineDesk desk(R"yaml(
stages: {lead: [{name: new, within: 1h}, {name: talked, within: 3d}, {name: won, outcome: won}]}
rules:
  - {name: late, on: lead.overdue, do: [{set: {note: "{{note}}{{stage}} "}}, {stage: won}]}
sla: {lead: [{respond: 2h, resolve: 3h}]}
)yaml");
  const RecordId lead = desk.lead("A");
  CHECK(desk.run("2026-03-05T12:00").done == 1);
  CHECK(desk.text(lead, "note") == "new ");
}

TEST_CASE("the verification finds clocks and approvals that the program does not leave so") {
  EngineDesk desk("stages: {lead: [{name: new, within: 1h}, {name: won, outcome: won}]}\n");
  desk.lead("A");
  CHECK(verify(desk.session()).problems.empty());
  desk.count(
      "INSERT INTO timer (kind, record, name, started_at, step, state) VALUES (5, 7, 'stage', 0, 0, "
      "'running') RETURNING 1");
  desk.count("UPDATE timer SET state = 'met' WHERE record = 1 RETURNING 1");
  desk.count(
      "INSERT INTO approval (approval, kind, record, words, command, asked_by, asked_at, escalated, "
      "alone, state, decided_at, decided_by) VALUES ('big', 5, 1, '[]', '', 1, 0, 0, 0, 'approved', 0, 1) "
      "RETURNING 1");
  CHECK(verify(desk.session()).problems ==
        std::vector<std::string>{"approval 1 counts as approved, and nobody approved it",
                                 "a clock of record 1 is due, and does not run",
                                 "lead/7 has a clock, but is not in the database"});
}

TEST_CASE("a schedule does not act on what its own doing has made not match") {
  EngineDesk desk(R"yaml(
rules:
  - {name: one-each, every: day at 02:00, for: followup, when: "type = 'call' and done_at is null", do: [{set: {note: seen}}]}
  - {name: drop, on: followup.updated, when: "note = 'seen'", do: [{set: {type: visit}}]}
)yaml");
  const RecordId lead = desk.lead("A");
  for (const char* due : {"2026-03-05", "2026-03-06"})
    plan_followup(desk.session(), lead, std::vector<FieldText>{{"due_at", due}, {"type", "call"}});
  CHECK(desk.run("2026-03-03T12:00").done == 2);
  CHECK(desk.count("SELECT count(*) FROM followup WHERE type = 'visit'") == 2);
}

TEST_CASE("'again' acts once more after so long; 'backlog: skip' passes over what matches already") {
  EngineDesk desk(R"yaml(
rules:
  - {name: again, every: day at 02:00, for: lead, again: 3d, when: "source = 'web'", do: [{set: {note: "{{note}}x"}}]}
  - {name: skip, every: day at 02:00, for: lead, backlog: skip, when: "source = 'web'", do: [{set: {title: "{{title}}y"}}]}
)yaml");
  const RecordId lead = desk.lead("A", {{"source", "web"}});
  for (const char* day : {"2026-03-03", "2026-03-04", "2026-03-05", "2026-03-06", "2026-03-07"})
    desk.run(std::string(day) + "T12:00");
  CHECK(desk.text(lead, "note") == "xx");
  CHECK(desk.text(lead, "title").empty());
  const RecordId next = desk.lead("B", {{"source", "web"}});
  desk.run("2026-03-08T12:00");
  CHECK(desk.text(next, "title") == "y");
}

TEST_CASE("clocks of the SLA: each step once, met by a talk, paused in a stage") {
  EngineDesk desk;
  desk.user("chen");
  desk.apply(R"yaml(
stages: {lead: [{name: new}, {name: waiting}, {name: won, outcome: won}]}
sla:
  lead:
    - {respond: 10h, resolve: 20h, pause: waiting, escalate: [{at: 50%, to: owner}, {at: 100%, to: chen}]}
rules:
  - {name: over, on: lead.overdue, do: [{tag: over}]}
)yaml");
  desk.add(Kind::user, {{"name", "li"}});
  desk.at("2026-03-02T08:00");
  const RecordId lead = desk.lead("A", {{"owner", "li"}});
  CHECK(desk.run("2026-03-02T12:59").done == 0);
  CHECK(desk.run("2026-03-02T13:00").done == 1);
  CHECK(desk.messages() == 1);
  desk.at("2026-03-02T14:00");
  desk.add(Kind::followup, {{"about", "lead/1"}, {"at", "2026-03-02T13:30"}});
  advance_lead(desk.session(), lead, "waiting");
  CHECK(desk.run("2026-03-10T14:00").done == 0);
  desk.at("2026-03-10T14:00");
  edit(desk.session(), lead, std::vector<FieldText>{{"note", "x"}});
  {
    // Back to the first stage: six hours of the twenty have passed.
    Write write(desk.session());
    desk.session().state().connection->execute(
        "UPDATE lead SET stage = 'new', stage_entered_at = 1773122400 WHERE id = 1", {});
    write.commit();
  }
  edit(desk.session(), lead, std::vector<FieldText>{{"note", "y"}});
  CHECK(desk.run("2026-03-10T17:59").done == 0);
  CHECK(desk.run("2026-03-10T18:00").done == 1);
  CHECK(desk.run("2026-03-11T04:00").done == 2);
  CHECK(desk.text(lead, "tags") == "over");
  CHECK(desk.run("2026-05-11T04:00").done == 0);
  CHECK(desk.messages() == 3);
}

TEST_CASE("a failing rule stops only itself") {
  EngineDesk desk(R"yaml(
stages: {lead: [{name: new, within: 1h}, {name: won, outcome: won}]}
rules:
  - {name: bad, on: lead.overdue, when: "name = 'A'", do: [{set: {owner: "{{name}}"}}]}
  - {name: good, on: lead.overdue, do: [{tag: late}]}
)yaml");
  const RecordId a = desk.lead("A");
  const RecordId b = desk.lead("B");
  const WorkflowRun run = desk.run("2026-03-02T12:00");
  CHECK(run.failures.size() == 1);
  CHECK(desk.text(a, "tags").empty());
  CHECK(desk.text(b, "tags") == "late");
  CHECK(desk.run("2026-03-02T12:00").failures.empty());
  CHECK(verify(desk.session()).problems.empty());
}

TEST_CASE("of many that are done together one that fails takes none with it") {
  EngineDesk desk(R"yaml(
stages: {lead: [{name: new, within: 1h}, {name: won, outcome: won}]}
rules:
  - {name: late, on: lead.overdue, do: [{tag: late}, {set: {owner: "{{source}}"}}]}
  - {name: daily, every: day at 02:00, for: lead, when: "stage = 'new'", do: [{followup: {due: 1h}}, {set: {owner: "{{source}}"}}]}
)yaml");
  desk.add(Kind::user, {{"name", "li"}});
  constexpr int kLeads = 250;
  for (int i = 0; i < kLeads; ++i)
    desk.lead("L" + std::to_string(i), {{"source", i % 120 == 60 ? "nobody" : "li"}});
  const WorkflowRun clocks = desk.run("2026-03-02T12:00");
  CHECK(clocks.done == 248);
  CHECK(clocks.lines.size() == 248);
  CHECK(clocks.failures.size() == 2);
  CHECK(desk.count("SELECT count(*) FROM tag WHERE name = 'late'") == 248);
  CHECK(desk.count("SELECT count(*) FROM rule_run WHERE outcome = 'failed'") == 2);
  const WorkflowRun schedule = desk.run("2026-03-03T03:00");
  CHECK(schedule.done == 248);
  REQUIRE(schedule.failures.size() == 2);
  CHECK(schedule.failures[0].starts_with("lead/61: the rule 'daily'"));
  CHECK(desk.count("SELECT count(*) FROM followup") == 248);
  CHECK(desk.run("2026-03-03T03:00").done == 0);
  CHECK(verify(desk.session()).problems.empty());
}

TEST_CASE("again after a week is a week by the clock on the wall too") {
  EngineDesk desk(R"yaml(
timezone: Europe/Berlin
rules:
  - {name: weekly, every: mon at 09:00, for: lead, when: "source = 'web'", again: 7d, do: [{set: {note: "{{note}}x"}}]}
)yaml");
  desk.at("2026-03-21T10:00+01:00");
  const RecordId lead = desk.lead("A", {{"source", "web"}});
  for (const char* monday : {"2026-03-23T09:00+01:00", "2026-03-30T09:00+02:00", "2026-04-06T09:00+02:00"})
    CHECK(desk.run(monday).done == 1);
  CHECK(desk.run("2026-10-19T09:00+02:00").done == 1);
  CHECK(desk.run("2026-10-26T09:00+01:00").done == 1);  // 169 hours later
  CHECK(desk.text(lead, "note") == "xxxxx");
}

TEST_CASE("a dry run tells what it would do and keeps nothing") {
  EngineDesk desk(R"yaml(
stages: {lead: [{name: new, within: 1h}, {name: won, outcome: won}]}
rules:
  - {name: late, on: lead.overdue, do: [{tag: late}]}
)yaml");
  const RecordId lead = desk.lead("A");
  desk.at("2026-03-03T09:00", "admin", true);
  CHECK(run_workflow(desk.session()).lines.size() == 1);
  desk.at("2026-03-03T09:00");
  CHECK(desk.text(lead, "tags").empty());
  CHECK(run_workflow(desk.session()).done == 1);
}

TEST_CASE("deleted records are out of it; restored, their time starts anew; an undo puts it back") {
  EngineDesk desk(R"yaml(
stages: {lead: [{name: new, within: 8h}, {name: talked}, {name: won, outcome: won}]}
rules:
  - {name: late, on: lead.overdue, do: [{tag: late}]}
)yaml");
  const RecordId lead = desk.lead("A");
  remove(desk.session(), lead);
  CHECK(desk.run("2026-03-03T09:00").done == 0);
  desk.at("2026-03-03T09:00");
  restore(desk.session(), lead);
  CHECK(desk.run("2026-03-03T16:59").done == 0);
  desk.at("2026-03-03T16:59");
  advance_lead(desk.session(), lead, "talked");
  CHECK(desk.run("2026-03-05T09:00").done == 0);
  undo(desk.session(), std::nullopt);
  CHECK(desk.run("2026-03-05T09:00").done == 1);
}

TEST_CASE("limits that a new file makes stricter count from when the record came into its stage") {
  EngineDesk desk(R"yaml(
stages: {lead: [{name: new, within: 30d}, {name: won, outcome: won}]}
)yaml");
  const RecordId lead = desk.lead("A");
  desk.at("2026-03-04T10:00");
  desk.apply(R"yaml(
stages: {lead: [{name: new, within: 1d}, {name: won, outcome: won}]}
rules:
  - {name: late, on: lead.overdue, do: [{tag: late}]}
)yaml");
  CHECK(desk.run("2026-03-04T10:00").done == 1);
  CHECK(desk.text(lead, "tags") == "late");
}

TEST_SUITE_END();
