// What a workflow does with the rows of an import.
#include <doctest/doctest.h>

#include <cstdio>
#include <fstream>

#include "crm/exchange.h"
#include "crm/followups.h"
#include "unit/engine/engine_desk.h"

using namespace crm;
using crm::test::EngineDesk;

namespace {

constexpr const char* kImportWorkflow = R"yaml(
stages: {lead: [{name: new, within: 2d}, {name: talked}, {name: won, outcome: won}]}
templates: {t: {subject: "{{name}}", body: "{{record}}"}}
assign: {lead: [{when: "source = 'web'", to: [li, wang], by: round-robin}, {to: pool}]}
rules:
  - {name: hello, on: lead.created, when: "source = 'web'", do: [{tag: fresh}, {followup: {due: 1d}}, {notify: {to: owner, template: t}}]}
  - {name: late, on: lead.overdue, do: [{tag: late}]}
  - {name: heard, on: followup.logged, for: lead, do: [{tag: heard}]}
sla: {lead: [{respond: 3d, escalate: [{at: 100%, to: owner}]}]}
)yaml";

class RowsDesk : public EngineDesk {
 public:
  RowsDesk() {
    user("li");
    user("wang");
    apply(kImportWorkflow);
  }
  ~RowsDesk() { std::remove(path_.c_str()); }

  ImportResult import(Kind kind, const std::string& text, bool run_rules, bool keep_going = false) {
    std::ofstream(path_) << text;
    ImportOptions options;
    options.run_rules = run_rules;
    options.keep_going = keep_going;
    options.rejects = path_ + ".rejects";
    const ImportResult result = import_records(session(), kind, path_, options);
    std::remove(options.rejects.c_str());
    return result;
  }
  std::int64_t tagged(const std::string& tag) {
    return count("SELECT count(*) FROM tag WHERE name = '" + tag + "'");
  }

 private:
  std::string path_ = session().state().connection->location() + ".csv";
};

// As 'crm export lead' writes it.
constexpr const char* kExportedLead =
    "id,name,company,title,phone,email,wechat,region,source,stage,amount,currency,owner,team,score,score_"
    "until,"
    "lost_reason,note,customer,contact,ref,tags,created_at,updated_at,assigned_at,stage_entered_at,closed_"
    "at\n"
    "7,old,,,,,,,,mid,5000,CNY,,,,,,,,,,,2025-01-01,2025-01-01,,2025-01-01,\n";
constexpr const char* kLeads = "lead_id,name,source\nL1,甲,web\nL2,乙,web\nL3,丙,fair\n";

}  // namespace

TEST_SUITE_BEGIN("engine/import");

TEST_CASE("an import sets off no rule, assigns nobody and announces nothing; its clocks run from then on") {
  RowsDesk desk;
  CHECK(desk.import(Kind::lead, kLeads, false).added == 3);
  CHECK(desk.tagged("fresh") == 0);
  CHECK(desk.messages() == 0);
  CHECK(desk.list(Kind::lead, {"owner=li"}).empty());
  CHECK(desk.runs().empty());
  CHECK(desk.run("2026-03-04T09:59").done == 0);
  CHECK(desk.run("2026-03-04T10:00").done == 3);
  CHECK(desk.tagged("late") == 3);
  CHECK(verify(desk.session()).problems.empty());
}

TEST_CASE("with --run-rules each row is assigned and sets off rules, as if a command had added it") {
  RowsDesk desk;
  CHECK(desk.import(Kind::lead, kLeads, true).added == 3);
  CHECK(desk.tagged("fresh") == 2);
  CHECK(desk.messages() == 2);
  CHECK(desk.list(Kind::lead, {"owner=li"}).size() == 1);
  CHECK(desk.list(Kind::lead, {"owner=wang"}).size() == 1);
  CHECK(desk.list(Kind::followup).size() == 2);
  CHECK(desk.import(Kind::lead, kLeads, true).unchanged == 3);
  CHECK(desk.messages() == 2);
  CHECK(verify(desk.session()).problems.empty());
}

TEST_CASE("talks of a file meet the clocks of what they are about, and set off rules only where asked to") {
  RowsDesk desk;
  desk.import(Kind::lead, kLeads, false);
  const std::string talks =
      "lead_id,type,at,owner\nL1,call,2026-03-02 09:00,li\nL1,call,2026-03-02 09:30,li\n";
  CHECK(desk.import(Kind::followup, talks, false).added == 2);
  CHECK(desk.tagged("heard") == 0);
  CHECK(desk.count("SELECT count(*) FROM timer WHERE name = 'respond' AND state = 'met'") == 1);
  CHECK(desk.count("SELECT count(*) FROM timer WHERE name = 'respond' AND state = 'running'") == 2);
  CHECK(desk.import(Kind::followup, "lead_id,type,at,owner\nL2,call,2026-03-02 09:00,li\n", true).added == 1);
  CHECK(desk.tagged("heard") == 1);
  CHECK(verify(desk.session()).problems.empty());
}

TEST_CASE("a score that the workflow works out comes from no file, unless for a time") {
  EngineDesk desk("score: {lead: [{points: 5}]}\nlevel: {customer: [{level: A}]}\n");
  const std::string path = desk.session().state().connection->location() + ".csv";
  const auto import = [&](Kind kind, const std::string& text) {
    std::ofstream(path) << text;
    ImportOptions options;
    options.keep_going = true;
    options.rejects = path + ".rejects";
    const ImportResult result = import_records(desk.session(), kind, path, options);
    std::remove(options.rejects.c_str());
    std::remove(path.c_str());
    return result;
  };
  CHECK(import(Kind::lead, "name,score\nA,99\nB,5\nC,\n").added == 2);
  CHECK(import(Kind::lead, "name,score,score_until\nD,99,2026-12-31\n").added == 1);
  CHECK(import(Kind::customer, "name,level\nE,C\n").added == 0);
  CHECK(desk.count("SELECT count(*) FROM lead WHERE score = 99") == 1);
}

TEST_CASE("what was due before an import is missed and sets off nothing") {
  RowsDesk desk;
  desk.import(Kind::lead, "lead_id,name,stage,stage_entered_at\nL1,甲,new,2026-01-01\n", true);
  CHECK(desk.count("SELECT count(*) FROM timer WHERE name = 'stage' AND state = 'missed'") == 1);
  CHECK(desk.run("2026-03-05T09:59").done == 0);  // the other clock runs from the import
  CHECK(desk.tagged("late") == 0);
}

TEST_CASE("a row that would need an approval is not written") {
  RowsDesk desk;
  desk.apply(
      "approvals: [{name: big, on: lead.created, when: amount > 1000 and me <> 'wang', by: [admin]}, "
      "{name: cut, on: lead.updated, when: changed(amount) and amount < 100, by: [admin]}]\n");
  const std::string rows = "lead_id,name,amount\nL1,甲,5000\nL2,乙,500\n";
  for (const bool run_rules : {false, true}) {
    CHECK(crm::test::error_code([&] { desk.import(Kind::lead, rows, run_rules); }) == 5);
    CHECK(desk.list(Kind::lead).empty());
  }
  const ImportResult result = desk.import(Kind::lead, rows, false, true);
  CHECK(result.added == 1);
  REQUIRE(result.faults.size() == 1);
  CHECK(result.faults[0].message == "a new lead like this needs the approval 'big'");
  CHECK(result.faults[0].hint ==
        "an import asks for none: do it by a command, or import it as somebody who needs none");
  CHECK(crm::test::error_code([&] { desk.import(Kind::lead, "lead_id,name,amount\nL2,乙,50\n", false); }) ==
        5);
  CHECK(desk.count("SELECT count(*) FROM approval") == 0);
  desk.at("2026-03-02T10:00", "wang");
  CHECK(desk.import(Kind::lead, rows, false).added == 1);
}

TEST_CASE("only an export of all fields makes records again, for an admin, where nothing else was done") {
  const std::string process =
      "stages: {lead: [{name: new}, {name: mid}, {name: won, outcome: won}]}\n"
      "roles: {rep: {see: all, edit: all, reveal: all}, admin: {see: all, edit: all, reveal: all}}\n"
      "approvals: [{name: big, on: lead.created, when: amount > 1000, by: [admin]}]\n";
  const auto refused = [](RowsDesk& desk, const std::string& rows) {
    return crm::test::error_code([&] { desk.import(Kind::lead, rows, false); }) == 5;
  };
  {
    RowsDesk desk;
    desk.apply(process);
    CHECK(refused(desk, "id,name,amount,ref,created_at,updated_at\n7,x,5000,,2025-01-01,2025-01-01\n"));
    const FieldText rep[] = {{"role", "rep"}};
    edit(desk.session(), {Kind::user, 2}, rep);
    desk.at("2026-03-02T10:00", "li");
    CHECK(refused(desk, kExportedLead));
    desk.at("2026-03-02T10:00");
    desk.import(Kind::customer, "name\nAcme\n", false);
    CHECK(desk.import(Kind::lead, kExportedLead, false).added == 1);
  }
  RowsDesk desk;
  desk.apply(process);
  desk.add(Kind::customer, {{"name", "Acme"}});
  CHECK(refused(desk, kExportedLead));
}

TEST_CASE("what a stage requires is asked of rows too, but not of an export that makes the records again") {
  RowsDesk desk;
  desk.apply(
      "stages: {lead: [{name: new}, {name: mid, requires: [phone]}, {name: won, outcome: won}]}\n"
      "approvals: [{name: big, on: lead.created, when: amount > 1000, by: [admin]}]\n");
  CHECK(desk.import(Kind::lead, kExportedLead, false).added == 1);
  CHECK(desk.text({Kind::lead, 7}, "stage") == "mid");
  const ImportResult result = desk.import(
      Kind::lead, "lead_id,name,stage,phone\nL1,甲,mid,\nL2,乙,mid,13800138000\nL3,丙,new,\n", false, true);
  CHECK(result.added == 2);
  REQUIRE(result.faults.size() == 1);
  CHECK(result.faults[0].message == "a lead cannot go to 'mid' without 'phone'");
  CHECK(crm::test::error_code([&] { desk.import(Kind::lead, "lead_id,stage\nL3,mid\n", false); }) == 4);
  CHECK(desk.import(Kind::lead, "lead_id,stage,phone\nL3,mid,13800138001\n", false).updated == 1);
}

TEST_CASE("the pool takes an imported lead only once its owner has had it for so long") {
  RowsDesk desk;
  desk.apply("pool: {lead: {recycle: [{after: 5d}]}}\n");
  desk.import(
      Kind::lead,
      "lead_id,name,owner,created_at,assigned_at\nL1,甲,li,2025-01-01,\nL2,乙,li,2025-01-01,2025-01-02\n",
      false);
  CHECK(desk.text({Kind::lead, 1}, "assigned_at") == "2026-03-02T10:00:00+08:00");
  desk.at("2026-03-02T12:00");
  CHECK(desk.import(Kind::lead, "lead_id,name,owner\nL1,甲,li\n", false).unchanged == 1);
  desk.run("2026-03-03T03:00");
  CHECK(desk.text({Kind::lead, 1}, "owner") == "li");
  CHECK(desk.text({Kind::lead, 2}, "owner").empty());
  desk.run("2026-03-08T03:00");
  CHECK(desk.text({Kind::lead, 1}, "owner").empty());
}
