// What happens by time alone.
#include <doctest/doctest.h>

#include "base/joined.h"
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
  EngineDesk desk;
  const RecordId lead = desk.lead("A", {{"source", "web"}});
  desk.apply(R"yaml(
rules:
  - {name: again, every: day at 02:00, for: lead, again: 3d, when: "source = 'web'", do: [{set: {note: "{{note}}x"}}]}
  - {name: skip, every: day at 02:00, for: lead, backlog: skip, when: "source = 'web'", do: [{set: {title: "{{title}}y"}}]}
)yaml");
  // It was not there yet when the rule was new.
  const RecordId after = desk.lead("B", {{"source", "web"}});
  for (const char* day : {"2026-03-03", "2026-03-04", "2026-03-05", "2026-03-06", "2026-03-07"})
    desk.run(std::string(day) + "T12:00");
  CHECK(desk.text(lead, "note") == "xx");
  CHECK(desk.text(lead, "title").empty());
  CHECK(desk.text(after, "title") == "y");
  const RecordId next = desk.lead("C", {{"source", "web"}});
  desk.run("2026-03-08T12:00");
  CHECK(desk.text(next, "title") == "y");
}

TEST_CASE("a schedule that is new, or another than it was, counts from when it was applied") {
  const auto file = [](const std::string& every) {
    return "rules:\n  - {name: r, every: " + every +
           ", for: lead, again: 1h, when: \"source = 'web'\", do: " +
           "[{set: {note: \"{{note}}x\"}}]}\n  - {name: o, every: " + every +
           ", for: lead, when: \"source = 'web'\", do: [{set: {title: \"{{title}}y\"}}]}\n";
  };
  EngineDesk desk(file("day at 02:00"));
  const RecordId lead = desk.lead("A", {{"source", "web"}});
  desk.run("2026-03-03T03:00");
  CHECK(desk.text(lead, "note") == "x");
  // Unchanged, it is caught up with whatever else a revision changed.
  desk.at("2026-03-04T10:00");
  desk.apply(file("day at 02:00") + "description: another\n");
  desk.run("2026-03-04T10:00");
  CHECK(desk.text(lead, "note") == "xx");
  desk.apply(file("day at 08:00"));
  desk.run("2026-03-04T11:00");
  CHECK(desk.text(lead, "note") == "xx");
  desk.run("2026-03-05T08:00");
  CHECK(desk.text(lead, "note") == "xxx");
  CHECK(desk.text(lead, "title") == "y");
  // Gone and there again, it knows of no record that it has acted on.
  desk.apply("");
  desk.at("2026-03-06T09:00");
  desk.apply(file("day at 08:00"));
  desk.run("2026-03-06T10:00");
  CHECK(desk.text(lead, "note") == "xxx");
  desk.run("2026-03-07T08:00");
  CHECK(desk.text(lead, "note") == "xxxx");
  CHECK(desk.text(lead, "title") == "yy");
}

TEST_CASE("clocks of the SLA: each step once, met by a talk, paused in a stage") {
  EngineDesk desk;
  desk.user("chen");
  desk.apply(R"yaml(
stages: {lead: [{name: new, from: waiting}, {name: waiting}, {name: won, outcome: won}]}
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
  // Back to the first stage: six hours of the twenty have passed.
  advance_lead(desk.session(), lead, "new");
  CHECK(desk.run("2026-03-10T17:59").done == 0);
  CHECK(desk.run("2026-03-10T18:00").done == 1);
  CHECK(desk.run("2026-03-11T04:00").done == 2);
  CHECK(desk.text(lead, "tags") == "over");
  CHECK(desk.run("2026-05-11T04:00").done == 0);
  CHECK(desk.messages() == 3);
}

TEST_CASE("a clock is met as long as there is an answer, and late where that came after the limit") {
  EngineDesk desk;
  desk.at("2026-03-02T08:00");
  desk.apply("sla: {lead: [{respond: 2h}]}\n");
  const RecordId lead = desk.lead("A"), other = desk.lead("B");
  const auto state = [&](RecordId record) {
    return *desk.session().state().connection->query_text("SELECT state FROM timer WHERE record = " +
                                                          std::to_string(record.id));
  };
  desk.at("2026-03-02T09:00");
  const RecordId talk =
      desk.add(Kind::followup, {{"about", "lead/1"}, {"type", "call"}, {"at", "2026-03-02T09:00"}});
  CHECK(state(lead) == "met");
  undo(desk.session(), std::nullopt);
  CHECK(state(lead) == "running");
  undo(desk.session(), desk.count("SELECT max(id) FROM change"));
  CHECK(state(lead) == "met");
  edit(desk.session(), talk, std::vector<FieldText>{{"about", "lead/2"}});
  CHECK(state(lead) == "running");
  CHECK(state(other) == "met");
  undo(desk.session(), std::nullopt);
  CHECK(state(lead) == "met");
  CHECK(state(other) == "running");
  desk.run("2026-03-02T11:00");
  desk.add(Kind::followup, {{"about", "lead/2"}, {"type", "call"}, {"at", "2026-03-02T11:00"}});
  CHECK(state(other) == "late");
  CHECK(verify(desk.session()).problems.empty());
}

TEST_CASE("of each row of an SLA each step acts once, however a record goes between them") {
  EngineDesk desk;
  desk.add(Kind::user, {{"name", "li"}});
  desk.at("2026-03-02T08:00");
  desk.apply(R"yaml(
sla:
  lead:
    - {when: "source = 'hot'", respond: 1h, escalate: [{at: 100%, to: owner}]}
    - {respond: 10h, escalate: [{at: 50%, to: owner}, {at: 100%, to: owner}]}
rules: [{name: over, on: lead.overdue, do: [{set: {note: "{{note}}x"}}]}]
)yaml");
  const RecordId lead = desk.lead("A", {{"source", "hot"}, {"owner", "li"}});
  const auto move_to = [&](const char* source) {
    edit(desk.session(), lead, std::vector<FieldText>{{"source", source}});
  };
  CHECK(desk.run("2026-03-02T09:00").done == 2);
  CHECK(desk.messages() == 1);
  move_to("cold");
  CHECK(desk.run("2026-03-02T13:00").done == 1);
  CHECK(desk.messages() == 2);
  move_to("hot");
  CHECK(desk.run("2026-03-02T14:00").done == 0);
  move_to("cold");
  CHECK(desk.run("2026-03-02T18:00").done == 2);
  CHECK(desk.messages() == 3);
  CHECK(desk.text(lead, "note") == "xx");
  CHECK(desk.run("2026-04-02T18:00").done == 0);
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
  CHECK(desk.count("SELECT count(*) FROM rule_run WHERE rule = 'daily' AND outcome = 'failed'") == 2);
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

TEST_CASE("many acts share a change; each event knows the moment that it was for") {
  EngineDesk desk(R"yaml(
sla: {lead: [{resolve: 1d}]}
rules:
  - {name: late, on: lead.overdue, do: [{tag: late}]}
  - {name: daily, every: day at 02:00, for: lead, when: "not tags contains 'seen'", do: [{tag: seen}]}
)yaml");
  for (int i = 0; i < 150; ++i) {
    desk.at(i % 2 == 0 ? "2026-03-02T10:00" : "2026-03-02T11:00");
    desk.lead("A" + std::to_string(i));
  }
  const std::string changes = "SELECT count(*) FROM change WHERE events > 0";
  const std::int64_t before = desk.count(changes);
  CHECK(desk.run("2026-03-03T03:00").done == 150);
  CHECK(desk.count(changes) == before + 2);
  CHECK(desk.run("2026-03-03T12:00").done == 150);
  CHECK(desk.count(changes) == before + 4);
  // The clocks of the first 75 ran out at ten, the others' at eleven.
  CHECK(desk.count("SELECT count(*) FROM event e JOIN change c ON c.id = e.change WHERE e.rule = 'late' AND "
                   "coalesce(e.acted_at, c.acted_at) = 1772503200") == 75);
  CHECK(desk.count("SELECT count(*) FROM event e JOIN change c ON c.id = e.change WHERE e.rule = 'late' AND "
                   "coalesce(e.acted_at, c.acted_at) = 1772506800") == 75);
  CHECK(verify(desk.session()).problems.empty());
  desk.session().state().connection->execute("UPDATE event SET acted_at = acted_at + 1 WHERE acted_at > 0",
                                             {});
  CHECK(!verify(desk.session()).problems.empty());
}

TEST_CASE("clocks act in order of the records only where nobody can tell, and are told of in order of time") {
  const auto order = [](const std::string& action) {
    EngineDesk desk("sla: {lead: [{resolve: 1d}]}\nrules:\n  - {name: late, on: lead.overdue, do: [" +
                    action + "]}\n");
    desk.at("2026-03-02T11:00");
    desk.lead("later");
    desk.at("2026-03-02T10:00");
    desk.lead("earlier");
    const WorkflowRun run = desk.run("2026-03-05T10:00");
    REQUIRE(run.lines.size() == 2);
    CHECK(run.lines[0].starts_with("2026-03-03 10:00  lead/2"));
    CHECK(run.lines[1].starts_with("2026-03-03 11:00  lead/1"));
    CHECK(desk.count("SELECT count(*) FROM event e JOIN change c ON c.id = e.change WHERE e.kind = 5 AND "
                     "e.rule = 'late' AND "
                     "coalesce(e.acted_at, c.acted_at) = 1772503200") == 1);
    return desk.count("SELECT record FROM rule_run WHERE rule = 'late' ORDER BY id LIMIT 1");
  };
  CHECK(order("{tag: late}") == 1);
  CHECK(order("{tag: late}, {followup: {due: 1h}}") == 2);
}

TEST_CASE("a clock that an act sets, and that is due too, acts in the same run, once") {
  for (const std::string action : {"tag: late", "followup: {due: 1h}"}) {
    EngineDesk desk(
        "stages: {lead: [{name: a, within: 1h}, {name: b, within: 2h}, {name: c, within: 3h}, {name: won, "
        "outcome: won}]}\n"
        "rules:\n"
        "  - {name: late, on: lead.overdue, do: [{" +
        action +
        "}]}\n"
        "  - {name: to-c, on: lead.overdue, when: \"stage = 'b'\", do: [{stage: c}]}\n"
        "  - {name: to-b, on: lead.overdue, when: \"stage = 'a'\", do: [{stage: b}]}\n");
    constexpr int kLeads = 120;
    for (int i = 0; i < kLeads; ++i) desk.lead("L" + std::to_string(i));
    CHECK(desk.run("2026-03-05T10:00").done == 3 * kLeads);
    CHECK(desk.count("SELECT count(*) FROM rule_run WHERE rule = 'late' AND outcome = 'acted'") ==
          3 * kLeads);
    CHECK(desk.count("SELECT count(*) FROM lead WHERE stage = 'c'") == kLeads);
    CHECK(desk.count("SELECT count(*) FROM timer t JOIN lead l ON l.id = t.record WHERE t.state = 'over' AND "
                     "t.limit_at = l.created_at + 21600") == kLeads);
    CHECK(desk.run("2026-03-05T10:00").done == 0);
    CHECK(verify(desk.session()).problems.empty());
  }
}

TEST_CASE("two clocks of one record that run out together set off a rule twice, in two changes") {
  EngineDesk desk(R"yaml(
sla: {lead: [{respond: 1h, resolve: 2h}]}
rules:
  - {name: late, on: lead.overdue, do: [{set: {note: "{{note}}x"}}]}
)yaml");
  const RecordId lead = desk.lead("A");
  CHECK(desk.run("2026-03-03T10:00").done == 2);
  CHECK(desk.text(lead, "note") == "xx");
  CHECK(desk.count("SELECT count(DISTINCT change) FROM rule_run WHERE rule = 'late'") == 2);
}

TEST_CASE("another calendar sets the limits anew") {
  EngineDesk desk;
  const std::string limits =
      "stages: {lead: [{name: new, within: 8h business}, {name: won, outcome: won}]}\n";
  desk.apply(limits);
  desk.at("2026-03-02T09:00");
  desk.lead("A");
  const std::string limit = "SELECT limit_at FROM timer";
  const std::int64_t usual = desk.count(limit);
  desk.apply(limits + "calendar: {hours: {mon-fri: \"09:00-11:00\"}}\n");
  CHECK(desk.count(limit) > usual);
}

TEST_CASE("the log of runs forgets what is older than the workflow keeps") {
  EngineDesk desk(R"yaml(
history: 10d
rules:
  - {name: daily, every: day at 02:00, for: lead, again: 1d, when: "name = 'A'", do: [{set: {note: "{{note}}x"}}]}
)yaml");
  desk.lead("A");
  desk.run("2026-03-05T03:00");
  desk.run("2026-03-12T03:00");
  CHECK(desk.runs("daily").size() == 2);
  desk.run("2026-03-16T03:00");
  CHECK(desk.runs("daily").size() == 2);
  desk.run("2026-05-16T03:00");
  CHECK(desk.runs("daily").size() == 1);
}

TEST_CASE("the log of runs forgets though nothing was due") {
  EngineDesk desk("history: 10d\nrules: [{name: new, on: lead.created, do: [{tag: new}]}]\n");
  desk.lead("A");
  CHECK(desk.run("2026-03-12T09:59").done == 0);
  CHECK(desk.runs().size() == 1);
  CHECK(desk.run("2026-03-12T10:01").done == 0);
  CHECK(desk.runs().empty());
}

TEST_CASE("verify finds runs, turns and revisions that the program would not have left so") {
  EngineDesk desk;
  for (const char* name : {"li", "wang"}) desk.user(name);
  desk.apply(R"yaml(
assign:
  lead:
    - {when: "source = 'web'", to: [li, wang], by: weighted, weights: {li: 2, wang: 1}}
    - {to: [li, wang], by: round-robin}
rules:
  - {name: r, on: lead.created, do: [{tag: seen}]}
  - {name: daily, every: day at 02:00, for: lead, when: "not tags contains 'old'", do: [{tag: old}]}
)yaml");
  desk.at("2026-03-02T10:00");
  for (int i = 0; i < 5; ++i) desk.lead("A" + std::to_string(i), {{"source", i % 2 == 0 ? "web" : "fair"}});
  desk.run("2026-03-03T03:00");
  REQUIRE(verify(desk.session()).problems.empty());
  const auto found = [&](const std::string& sql) {
    Connection& connection = *desk.session().state().connection;
    Savepoint savepoint(connection);
    connection.execute(sql, {});
    return joined(verify(desk.session()).problems, "\n");
  };
  Write write(desk.session());
  CHECK(found("UPDATE rule_run SET outcome = 'done' WHERE id = 1") ==
        "the run of a rule 1 has an outcome that there is not");
  CHECK(found("UPDATE rule_run SET change = 900 WHERE id = 2") ==
        "the run of a rule 2 names a change that is not in the log");
  CHECK(found("UPDATE schedule_run SET ran_for = since - 1") ==
        "the schedule daily ran for a time at which it did not count yet");
  CHECK(found("UPDATE assignment_turn SET last_user = 99").ends_with("had its last turn by nobody"));
  CHECK(found("UPDATE assignment_share SET credit = credit + 1 WHERE user = (SELECT min(user) FROM "
              "assignment_share)")
            .ends_with("has turns that do not add up"));
  CHECK(found("UPDATE workflow_revision SET source = replace(source, 'tag: seen', 'tag: unseen')") ==
        "the text of workflow revision 2 is not what is in force by it");
  CHECK(
      found("UPDATE workflow_revision SET compiled = replace(compiled, '\"seen\"', '\"unseen\"') WHERE id = "
            "2") == "the text of workflow revision 2 is not what is in force by it");
  CHECK(found("UPDATE workflow_revision SET id = 3 WHERE id = 2") ==
        "workflow revision 3 has none before it");
}

TEST_CASE("a planned time that the clocks skip, and those beside it, each act once") {
  for (const char* schedule : {"day at 02:30", "day at 03:00", "day at 01:30"}) {
    INFO(schedule);
    EngineDesk desk("timezone: America/New_York\nrules:\n  - {name: daily, every: " + std::string(schedule) +
                    ", for: lead, when: name = 'A', again: 1d, do: [{set: {note: \"{{note}}x\"}}]}\n");
    desk.at("2026-03-05T12:00-05:00");
    const RecordId lead = desk.lead("A");
    std::string acted;
    for (const char* day : {"2026-03-06T06:00-05:00", "2026-03-07T06:00-05:00", "2026-03-08T06:00-04:00",
                            "2026-03-09T06:00-04:00", "2026-03-10T06:00-04:00"}) {
      CHECK(desk.run(day).done == 1);
      CHECK(desk.run(day).done == 0);
      CHECK(desk.text(lead, "note") == (acted += 'x'));
    }
    // The night in which the hour comes twice.
    for (const char* day : {"2026-10-31T06:00-04:00", "2026-11-01T06:00-05:00", "2026-11-02T06:00-05:00"})
      CHECK(desk.run(day).done == 1);
  }
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

TEST_CASE("a record that cannot be written does not hold up the daily look at the others") {
  EngineDesk desk;
  desk.user("li");
  const RecordId bad = desk.lead("bad", {{"amount", "60"}});
  const RecordId good = desk.lead("good", {{"amount", "60"}});
  std::vector<RecordId> owned;
  for (const char* name : {"idle", "stuck"}) owned.push_back(desk.lead(name, {{"owner", "li"}}));
  desk.apply(R"yaml(
validate: {lead: [{check: "name <> 'bad'", message: no bad}]}
score: {lead: [{when: "amount > 50", points: 10}]}
pool: {lead: {recycle: [{after: 10d}]}}
rules: [{name: free, on: lead.updated, when: "name = 'stuck' and owner is null", do: [{set: {name: bad}}]}]
)yaml");
  const WorkflowRun first = desk.run("2026-03-03T10:00");
  CHECK(first.failures == std::vector<std::string>{to_string(bad) + ": no bad"});
  CHECK(desk.text(good, "score") == "10");
  CHECK(desk.text(bad, "score").empty());
  const WorkflowRun released = desk.run("2026-03-20T10:00");
  REQUIRE(released.failures.size() == 2);
  CHECK(released.failures[0].starts_with(to_string(owned[1]) + ": "));
  CHECK(released.failures[1] == to_string(bad) + ": no bad");
  CHECK(desk.text(owned[0], "owner").empty());
  CHECK(desk.text(owned[1], "owner") == "li");
  CHECK(verify(desk.session()).problems.empty());
}

TEST_SUITE_END();
