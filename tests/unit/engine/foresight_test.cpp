// What is told ahead of time, and what a name, a file or an undo leads to.
#include <doctest/doctest.h>

#include "crm/identity.h"
#include "crm/leads.h"
#include "crm/ownership.h"
#include "crm/workflow.h"
#include "crm/workflow_picture.h"
#include "crm/workflow_tests.h"
#include "unit/engine/engine_desk.h"
#include "unit/exchange/import_desk.h"

using namespace crm;
using crm::test::CollectedRows;
using crm::test::EngineDesk;
using crm::test::error_code;
using crm::test::ImportDesk;

namespace {

constexpr const char* kForesight = R"yaml(
pool: {lead: {recycle: [{after: 4d, warn: 1d}]}}
score: {lead: [{when: "name like 'A%'", points: 9}, {when: "source = 'web'", points: 2}]}
reminders:
  - {name: rem, for: lead, when: "owner = 'li'", to: owner, every: day at 09:00, template: t}
templates: {t: {subject: s, body: b}}
approvals: [{name: ap, on: lead.convert, when: "amount > 5", by: admin}]
)yaml";

std::map<std::string, CollectedRows::Texts> told_by_name(const CollectedRows& rows) {
  std::map<std::string, CollectedRows::Texts> found;
  for (const auto& row : rows.rows) {
    const auto part = row.count("section") > 0 ? row.at("section") : row.at("part");
    found.emplace(part + "/" + row.at("name") + (row.count("outcome") > 0 ? "/" + row.at("outcome") : ""),
                  row);
  }
  return found;
}

}  // namespace

TEST_SUITE_BEGIN("engine/foresight");

TEST_CASE("a simulation tells of the pool, reminders, approvals and scores what then happens") {
  EngineDesk desk;
  desk.user("li");
  desk.lead("A", {{"owner", "li"}, {"amount", "9"}});
  desk.lead("B", {{"owner", "li"}});
  desk.at("2026-03-12T10:00");
  CollectedRows rows;
  SimulateOptions options;
  options.kind = Kind::lead;
  const std::string file = std::string("workflow: test\n") + kForesight;
  simulate_workflow(desk.session(), file, "w.yaml", options, rows);
  auto told = told_by_name(rows);
  CHECK(told["pool/warned"]["records"] == "2");
  CHECK(told["pool/released"]["records"] == "0");
  CHECK(told["reminder/rem"]["records"] == "2");
  CHECK(told["approval/ap"]["records"] == "1");
  CHECK(told["score/changes"]["records"] == "2");  // none of them has one yet
  CHECK(rows.rows.back().at("section") == "left out");
  desk.apply(kForesight);
  desk.run("2026-03-13T00:01");
  CHECK(desk.count("SELECT count(*) FROM ownership WHERE how = 'warned'") == 2);
  desk.at("2026-03-14T10:00");
  CollectedRows later;
  simulate_workflow(desk.session(), file, "w.yaml", options, later);
  told = told_by_name(later);
  CHECK(told["pool/released"]["records"] == "2");
  CHECK(told["score/changes"]["records"] == "0");
  desk.run("2026-03-15T00:01");
  CHECK(desk.count("SELECT count(*) FROM lead WHERE owner IS NULL") == 2);
}

TEST_CASE("a simulation tells how many the people of a row can take") {
  EngineDesk desk;
  for (const char* name : {"li", "wang"}) desk.user(name);
  for (int i = 0; i < 11; ++i) desk.lead("L");
  desk.lead("mine", {{"owner", "li"}});
  CollectedRows rows;
  SimulateOptions options;
  options.kind = Kind::lead;
  simulate_workflow(desk.session(), "workflow: w\nassign: {lead: [{to: [li, wang], by: first, cap: 3}]}\n",
                    "w.yaml", options, rows);
  for (const auto& row : rows.rows) {
    if (row.at("section") == "assign")
      CHECK(row.at("detail") ==
            "all others; of 11 without an owner its people can take 5, the others stay in the pool");
  }
}

TEST_CASE("an explanation has the way back to the pool, reminders and the terms of the score") {
  EngineDesk desk;
  desk.user("li");
  desk.apply(kForesight);
  const RecordId lead = desk.lead("A", {{"owner", "li"}});
  CollectedRows rows;
  explain(desk.session(), lead, rows);
  auto told = told_by_name(rows);
  CHECK(told["next/pool/warns the owner"]["at"].starts_with("2026-03-06T00:00"));
  CHECK(told["next/pool/goes back"]["at"].starts_with("2026-03-07T00:00"));
  CHECK(told["next/rem/would remind"]["at"].starts_with("2026-03-03T09:00"));
  CHECK(told["score/9/counts"]["detail"] == "line 4, when name like 'A%'");
  CHECK(told["score/2/does not count"]["detail"] == "line 4, source = 'web' fails: source is not given");
  desk.run("2026-03-06T00:00");
  desk.run("2026-03-07T00:00");
  CHECK(desk.text(lead, "owner").empty());
}

TEST_CASE("an explanation tests a schedule at its planned time, and knows when it acts again") {
  EngineDesk desk;
  desk.apply(R"yaml(
rules:
  - {name: old, every: day at 09:00, for: lead, when: "created_at < now - 20h", do: [{tag: old}]}
  - {name: daily, every: day at 09:00, for: lead, when: "stage = 'new'", again: 1h, do: [{set: {note: x}}]}
  - {name: once, every: day at 09:00, for: lead, when: "stage = 'new'", do: [{tag: seen}]}
reminders:
  - {name: rem, for: lead, when: "created_at < now - 20h", to: admin, every: day at 09:00, template: t}
templates: {t: {subject: s, body: b}}
)yaml");
  const RecordId lead = desk.lead("A");
  const auto told = [&] {
    CollectedRows rows;
    explain(desk.session(), lead, rows);
    return told_by_name(rows);
  };
  CHECK(told().count("next/old/would act") == 1);
  CHECK(told().count("next/rem/would remind") == 1);
  desk.run("2026-03-03T09:00");
  CHECK(desk.text(lead, "tags") == "old seen");
  CHECK(told()["next/daily/would act"]["detail"] == "as things stand, stage = 'new', again after 1h");
  CHECK(told().count("next/once/acted before") == 1);
  desk.apply(R"yaml(
rules:
  - {name: late, every: day at 09:00, for: lead, when: "stage = 'new'", backlog: skip, do: [{tag: late}]}
)yaml");
  CHECK(told().count("next/late/passed over") == 1);
}

TEST_CASE("an undo takes back what waits to be sent, and its own undo sends it again") {
  EngineDesk desk(
      "templates: {t: {subject: s, body: b}}\n"
      "rules: [{name: won, on: lead.updated, do: [{notify: {to: owner, template: t}}]}]\n");
  desk.user("li");
  const RecordId lead = desk.lead("A", {{"owner", "li"}});
  const FieldText region[] = {{"region", "East"}};
  edit(desk.session(), lead, region);
  const auto queued = [&] { return desk.count("SELECT count(*) FROM outbox WHERE state = 'queued'"); };
  CHECK(queued() == 1);
  undo(desk.session(), std::nullopt);
  CHECK(queued() == 0);
  undo(desk.session(), desk.count("SELECT max(id) FROM change"));
  CHECK(queued() == 1);
}

TEST_CASE("runs of what there is not are an error, and waiting for an approval is no failure") {
  EngineDesk desk(
      "rules: [{name: ask, on: lead.updated, do: [{require-approval: big}]}]\n"
      "approvals: [{name: big, on: lead.convert, by: admin}]\n");
  CHECK(error_code([&] { desk.runs("nosuch"); }) == 3);
  CHECK(error_code([&] {
          CollectedRows rows;
          list_rule_runs(desk.session(), {{}, RecordId{Kind::lead, 999}, std::nullopt}, rows);
        }) == 3);
  CHECK(desk.runs("ask").empty());
  const RecordId lead = desk.lead("A");
  const FieldText region[] = {{"region", "East"}};
  CHECK(error_code([&] { edit(desk.session(), lead, region); }) == 8);
  write_aftermath(desk.session(), false);
  for (const auto& run : desk.runs("ask")) CHECK(run.at("outcome") == "not");
}

TEST_CASE("a test that cannot begin fails with its place, and the others run") {
  const ImportDesk folder;
  folder.file("w.yaml", "workflow: w\n");
  const std::string tests =
      folder.file("t.yaml",
                  "workflow: w.yaml\ntests:\n"
                  "  - name: bad\n    at: 2026-02-30 09:00\n    steps: [{advance: 1d}]\n"
                  "  - name: good\n    at: 2026-02-20 09:00\n    steps: [{advance: 1d}]\n");
  const WorkflowTestResult result =
      run_workflow_tests(tests, [](Session&, const std::vector<std::string>&) { return 0; });
  CHECK(result.tests == 2);
  REQUIRE(result.failed == 1);
  CHECK(result.failures.at(0).location.line == 4);
}

TEST_CASE("files are checked each by itself, and shadowed rows of 'sla' are found") {
  const ImportDesk folder;
  std::string many = "workflow: k\n";
  for (int i = 0; i < 60; ++i) many += "stages: 1\n";  // the key is there already
  const std::string files[] = {folder.file("many.yaml", many), folder.file("ok.yaml", "workflow: ok\n")};
  for (const Problem& problem : check_workflow_files(files).problems)
    CHECK(problem.location.file == files[0]);
  const std::vector<Problem> shadowed = check_workflow(
      "workflow: w\nsla: {lead: [{respond: 1d}, {when: \"source = 'x'\", respond: 1h}]}\n", "w.yaml");
  REQUIRE(shadowed.size() == 1);
  CHECK(shadowed[0].message.find("never counts") != std::string::npos);
}

TEST_CASE(
    "a picture has arrows to what is reached from any stage, counts what is there, and needs no database") {
  const std::string stages =
      "stages: {lead: [{name: new}, {name: old}, {name: lost, outcome: lost, from: any}]}\n";
  EngineDesk desk(stages);
  for (const char* name : {"A", "B"}) advance_lead(desk.session(), desk.lead(name));
  remove(desk.session(), {Kind::lead, 1});
  const std::string drawn = draw_workflow(desk.session(), std::nullopt, {}, "dot");
  CHECK(drawn.find("\"lead/new\" -> \"lead/old\" [label=\"1\"]") != std::string::npos);
  CHECK(drawn.find("\"lead/old\" -> \"lead/lost\"") != std::string::npos);
  const std::string file = draw_workflow_file("workflow: w\n" + stages, "w.yaml", "dot");
  CHECK(file.find("label=\"new\"") != std::string::npos);
}

TEST_CASE("whoami says when all else is refused") {
  EngineDesk desk;
  desk.user("li");
  desk.apply("roles: {admin: {see: all, edit: all}}\n");
  set_account(desk.session(), "li");
  const Identity identity = whoami(desk.session());
  CHECK(identity.user == "admin");
  CHECK(identity.see == "none");
  CHECK(identity.refused == "'li' may not act as 'admin'");
}

TEST_SUITE_END();
