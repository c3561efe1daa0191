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

class ImportDesk : public EngineDesk {
 public:
  ImportDesk() {
    user("li");
    user("wang");
    apply(kImportWorkflow);
  }
  ~ImportDesk() { std::remove(path_.c_str()); }

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

constexpr const char* kLeads = "lead_id,name,source\nL1,甲,web\nL2,乙,web\nL3,丙,fair\n";

}  // namespace

TEST_SUITE_BEGIN("engine/import");

TEST_CASE("an import sets off no rule, assigns nobody and announces nothing; its clocks run from then on") {
  ImportDesk desk;
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
  ImportDesk desk;
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
  ImportDesk desk;
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

TEST_CASE("what was due before an import is missed and sets off nothing") {
  ImportDesk desk;
  desk.import(Kind::lead, "lead_id,name,stage,stage_entered_at\nL1,甲,new,2026-01-01\n", true);
  CHECK(desk.count("SELECT count(*) FROM timer WHERE name = 'stage' AND state = 'missed'") == 1);
  CHECK(desk.run("2026-03-05T09:59").done == 0);  // the other clock runs from the import
  CHECK(desk.tagged("late") == 0);
}
