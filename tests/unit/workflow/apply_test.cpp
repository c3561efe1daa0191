#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "crm/leads.h"
#include "crm/records.h"
#include "crm/workflow.h"
#include "records/session_state.h"
#include "records/write_record.h"
#include "unit/scratch_database.h"
#include "workflow/definition.h"

using crm::FieldText;
using crm::Kind;
using crm::RecordId;
using crm::Session;

namespace {

using Texts = std::vector<std::string>;

constexpr const char* kShort = R"(workflow: short
stages:
  lead:
    - {name: new}
    - {name: reached, requires: [phone]}
    - {name: won, outcome: won}
    - {name: lost, outcome: lost, from: any}
)";

RecordId add_lead(Session& session, const std::string& name, const std::string& stage) {
  const FieldText fields[] = {{"name", name}, {"stage", stage}, {"phone", "13800138000"}};
  return crm::add(session, Kind::lead, fields).record;
}

std::string shown(Session& session, RecordId id, const std::string& field) {
  class Sink final : public crm::RowSink {
   public:
    void begin(std::span<const crm::Column>) override {}
    bool row(std::span<const crm::Cell> cells) override {
      text = std::string(cells[0].text);
      return true;
    }
    void end() override {}
    std::string text;
  } sink;
  const RecordId ids[] = {id};
  const std::string fields[] = {field};
  crm::show(session, ids, fields, sink);
  return sink.text;
}

// "message; hint" of the error, or "".
template <typename Action>
std::string refusal(Action action, crm::ErrorCode code = crm::ErrorCode::invalid) {
  try {
    action();
  } catch (const crm::Error& error) {
    CHECK(error.code() == code);
    return error.message() + "; " + error.hint();
  }
  return "";
}

Texts history_of(Session& session, RecordId id) {
  Texts stages;
  const crm::Param params[] = {id.id};
  session.state().connection->each(
      "SELECT coalesce(from_stage, '') || '>' || to_stage FROM stage_change WHERE record_kind = 5 AND "
      "record_id = $1 ORDER BY at, id",
      params, [&](const crm::Row& row) { stages.emplace_back(row.text(0)); });
  return stages;
}

crm::WorkflowChange put_in_force(Session& session, const std::string& text,
                                 std::vector<crm::StageMapping> mappings = {}) {
  return crm::apply_workflow(session, text, "a.yaml", mappings);
}

}  // namespace

TEST_CASE("a file in force is in force for the commands after it") {
  ScratchDatabase database;
  {
    auto session = database.open();
    const auto change = put_in_force(*session, kShort);
    CHECK(change.revision == 2);
    CHECK_FALSE(change.unchanged);
    CHECK(change.moved.empty());
    CHECK(session->stages(Kind::lead) == Texts{"new", "reached", "won", "lost"});
  }
  auto session = database.open();
  CHECK(session->stages(Kind::lead) == Texts{"new", "reached", "won", "lost"});
  CHECK(crm::workflow_source(*session) == kShort);
  CHECK(crm::workflow_source(*session, 1) == crm::default_workflow_text());
  CHECK(refusal([&] { crm::workflow_source(*session, 7); }, crm::ErrorCode::not_found) ==
        "there is no workflow revision 7; 'crm workflow list' shows those there are");
}

TEST_CASE("the same file again changes nothing") {
  ScratchDatabase database;
  auto session = database.open();
  CHECK(put_in_force(*session, kShort).revision == 2);
  const auto again = put_in_force(*session, kShort);
  CHECK(again.revision == 2);
  CHECK(again.unchanged);
  const auto comment = put_in_force(*session, std::string("# more\n") + kShort);
  CHECK(comment.revision == 3);
  CHECK(comment.differences.empty());
}

TEST_CASE("a faulty file is refused with all its problems") {
  ScratchDatabase database;
  auto session = database.open();
  try {
    put_in_force(*session, "workflow: A\ncountry: x\n");
    FAIL("it was taken");
  } catch (const crm::Error& error) {
    CHECK(error.message() == "the workflow file 'a.yaml' has 2 problems");
    CHECK(error.problems().size() == 2);
  }
  CHECK(session->stages(Kind::lead).size() == 7);
}

TEST_CASE("custom fields are columns that hold values at once, and come back with them") {
  ScratchDatabase database;
  const std::string fields =
      "fields:\n  lead:\n    budget: {type: money, default: 100}\n    seen: {type: date}\n    friend: {type: "
      "reference, to: customer}\n"
      "    urgent: {type: boolean}\n    colour: {type: choice, choices: [red, blue]}\n    fax: {type: "
      "phone}\n";
  RecordId id;
  {
    auto session = database.open();
    const RecordId before = add_lead(*session, "before", "new");
    put_in_force(*session, "workflow: a\n" + fields);
    const FieldText values[] = {{"name", "x"},
                                {"seen", "2026-02-03"},
                                {"urgent", "true"},
                                {"colour", "blue"},
                                {"fax", "010 1234 5678"}};
    id = crm::add(*session, Kind::lead, values).record;
    CHECK(shown(*session, id, "budget") == "100.00");
    CHECK(shown(*session, before, "budget") == "");
    CHECK(shown(*session, id, "seen") == "2026-02-03");
    CHECK(shown(*session, id, "colour") == "blue");
    CHECK(shown(*session, id, "fax") == "010 1234 5678");
    CHECK(crm::verify(*session).problems.empty());
  }
  auto session = database.open();
  put_in_force(*session, "workflow: a\n");
  CHECK(session->view(Kind::lead).find("seen") == nullptr);
  // Each row is what its last change left, by the fields that there were then.
  CHECK(crm::verify(*session).problems.empty());
  const FieldText name[] = {{"name", "y"}};
  crm::edit(*session, id, name);
  CHECK(crm::verify(*session).problems.empty());
  put_in_force(*session, "workflow: a\n" + fields);
  CHECK(shown(*session, id, "seen") == "2026-02-03");
  CHECK(crm::verify(*session).problems.empty());
  session->state().connection->execute("UPDATE lead SET name = 'z' WHERE id = $1", {{id.id}});
  CHECK(crm::verify(*session).problems ==
        std::vector<std::string>{to_string(id) + " was changed behind the program's back"});
}

TEST_CASE("a field that had another type before") {
  ScratchDatabase database;
  auto session = database.open();
  const auto with = [](const std::string& type) {
    return "workflow: a\nfields: {lead: {extra: {type: " + type + "}}}\n";
  };
  put_in_force(*session, with("date"));
  CHECK(refusal([&] { put_in_force(*session, with("integer")); }) ==
        "the field 'extra' of a lead had another type before; give the new field another name");
  put_in_force(*session, with("email"));  // no value yet
  const FieldText values[] = {{"name", "x"}, {"extra", "a@example.com"}};
  crm::add(*session, Kind::lead, values);
  CHECK(refusal([&] { put_in_force(*session, with("date")); }) ==
        "the field 'extra' of a lead had another type before, and has values of it; give the new field "
        "another name");
  CHECK(put_in_force(*session, with("text")).differences ==
        Texts{"lead field 'extra': the type is now 'text', was 'email'"});
}

TEST_CASE("a stage that records are in does not vanish") {
  ScratchDatabase database;
  auto session = database.open();
  const RecordId open = add_lead(*session, "open", "contacted");
  for (int i = 0; i < 6; ++i) add_lead(*session, "more", "qualified");
  const RecordId deleted = add_lead(*session, "deleted", "contacted");
  crm::remove(*session, deleted);
  CHECK(refusal([&] { put_in_force(*session, kShort); }) ==
        "8 records are in stages that the new revision does not have: 'contacted': lead/1, lead/8; "
        "'qualified': lead/2, lead/3, "
        "lead/4, lead/5, lead/6 and 1 more; say where they go: --map 'contacted=STAGE'");
  CHECK(refusal([&] {
          put_in_force(*session, kShort, {{"contacted", "reached"}});
        }).starts_with("6 records are in stages"));
  CHECK(session->stages(Kind::lead).size() == 7);
  CHECK(shown(*session, open, "stage") == "contacted");
  const auto change = put_in_force(*session, kShort, {{"contacted", "reached"}, {"qualified", "reached"}});
  CHECK(change.moved.size() == 8);
  CHECK(shown(*session, open, "stage") == "reached");
  crm::restore(*session, deleted);
  CHECK(shown(*session, deleted, "stage") == "reached");
  CHECK(crm::verify(*session).problems.empty());
}

TEST_CASE("a renamed stage keeps its records' time and history") {
  ScratchDatabase database;
  RecordId id;
  std::string entered;
  {
    auto session = database.open("2026-01-02T09:00:00Z");
    id = add_lead(*session, "x", "new");
    crm::advance_lead(*session, id, "contacted");
    entered = shown(*session, id, "stage_entered_at");
  }
  auto session = database.open("2026-01-09T09:00:00Z");
  put_in_force(*session, kShort, {{"contacted", "reached"}});
  CHECK(shown(*session, id, "stage") == "reached");
  CHECK(shown(*session, id, "stage_entered_at") == entered);
  CHECK(history_of(*session, id) == Texts{">new", "new>reached"});
  CHECK(crm::verify(*session).problems.empty());
}

TEST_CASE("records that a mapping closes are closed as by a command") {
  ScratchDatabase database;
  auto session = database.open();
  const RecordId id = add_lead(*session, "x", "negotiation");
  CHECK(shown(*session, id, "closed_at") == "");
  put_in_force(*session, kShort, {{"negotiation", "won"}});
  CHECK(shown(*session, id, "stage") == "won");
  CHECK(shown(*session, id, "closed_at") != "");
  CHECK(history_of(*session, id) == Texts{">negotiation", "negotiation>won"});
}

TEST_CASE("a mapping asks for what the new stage requires") {
  ScratchDatabase database;
  auto session = database.open();
  add_lead(*session, "x", "contacted");
  const FieldText no_phone[] = {{"phone", ""}};
  crm::edit(*session, {Kind::lead, 1}, no_phone);
  const std::string text =
      "workflow: a\nstages: {lead: [{name: new}, {name: end, requires: [phone]}, {name: won, outcome: "
      "won}]}\n";
  const crm::StageMapping mappings[] = {{"contacted", "end"}};
  CHECK(refusal([&] {
          apply_workflow(*session, text, "a.yaml", mappings);
        }).starts_with("lead/1 cannot go to 'end' without 'phone'"));
  const FieldText phone[] = {{"phone", "13800138000"}};
  crm::edit(*session, {Kind::lead, 1}, phone);
  CHECK(apply_workflow(*session, text, "a.yaml", mappings).moved.size() == 1);
}

TEST_CASE("an undo strands no record in a stage that is gone") {
  ScratchDatabase database;
  auto session = database.open();
  const RecordId id = add_lead(*session, "x", "contacted");
  put_in_force(*session, kShort, {{"contacted", "reached"}});
  CHECK(refusal([&] { crm::undo(*session, std::nullopt); }, crm::ErrorCode::conflict)
            .starts_with("lead/1 would go back to the stage 'contacted', which the workflow no longer has"));
  CHECK(shown(*session, id, "stage") == "reached");
  crm::advance_lead(*session, id, "won");
  crm::undo(*session, std::nullopt);
  CHECK(shown(*session, id, "stage") == "reached");
  session->state().connection->execute("UPDATE lead SET stage = 'contacted'", {});
  const auto problems = crm::verify(*session).problems;
  CHECK(std::count(problems.begin(), problems.end(),
                   "lead/1 is in the stage 'contacted', which the workflow does not have") == 1);
}

TEST_CASE("a mapping that means nothing is refused") {
  ScratchDatabase database;
  auto session = database.open();
  const auto fault = [&](const char* from, const char* to) {
    return refusal([&] { put_in_force(*session, kShort, {{from, to}}); });
  };
  CHECK(fault("new", "reached") ==
        "the mapping 'new=reached' is not needed: the new revision has the stage 'new'; leave it out");
  CHECK(fault("newish", "reached") ==
        "the mapping 'newish=reached' begins at a stage that never was; write --map OLD=NEW");
  CHECK(fault("contacted", "reacht") ==
        "the mapping 'contacted=reacht' leads nowhere: the new revision has no stage 'reacht'; did you mean "
        "'reached'?");
}

TEST_CASE("a dry run says the same and leaves all as it was") {
  ScratchDatabase database;
  {
    auto session = database.open();
    add_lead(*session, "x", "contacted");
  }
  {
    auto session = database.open("2026-01-02T09:00:00Z", true);
    const auto change =
        put_in_force(*session, std::string(kShort) + "fields: {lead: {budget: {type: money}}}\n",
                     {{"contacted", "reached"}});
    CHECK(change.moved.size() == 1);
    CHECK_FALSE(change.differences.empty());
    CHECK(session->stages(Kind::lead).size() == 7);
  }
  auto session = database.open();
  CHECK(session->stages(Kind::lead).size() == 7);
  CHECK(shown(*session, {Kind::lead, 1}, "stage") == "contacted");
  CHECK(put_in_force(*session, std::string(kShort) + "fields: {lead: {budget: {type: money}}}\n",
                     {{"contacted", "reached"}})
            .revision == 2);
}

TEST_CASE("an earlier revision comes back as a new one") {
  ScratchDatabase database;
  auto session = database.open();
  put_in_force(*session, kShort);
  add_lead(*session, "x", "new");
  CHECK(refusal([&] {
          crm::roll_back_workflow(*session, 2);
        }).starts_with("the workflow revision 2 is in force already"));
  CHECK(refusal([&] { crm::roll_back_workflow(*session, 9); }, crm::ErrorCode::not_found)
            .starts_with("there is no workflow revision 9"));
  const auto change = crm::roll_back_workflow(*session, 1);
  CHECK(change.revision == 3);
  CHECK(session->stages(Kind::lead).size() == 7);
  CHECK(crm::workflow_source(*session) == crm::default_workflow_text());
  CHECK(crm::workflow_differences(*session, 1, 3).empty());
}

TEST_CASE("people that a file names are users") {
  ScratchDatabase database;
  auto session = database.open();
  const std::string file =
      "workflow: a\ntemplates: {t: {subject: s, body: b}}\nreminders: [{name: r, for: lead, when: amount > "
      "0, "
      "every: 15m, template: t, to: chen}]\n";
  CHECK(refusal([&] { put_in_force(*session, file); }) ==
        "the reminder 'r' goes to 'chen', who is no user; write owner, manager, team-lead or the name of a "
        "user");
  const FieldText user[] = {{"name", "chen"}};
  crm::add(*session, Kind::user, user);
  CHECK(put_in_force(*session, file).revision == 2);
}

TEST_CASE("all who are named and not there are told at once, in order of the file") {
  ScratchDatabase database;
  auto session = database.open();
  const FieldText user[] = {{"name", "chen"}};
  crm::add(*session, Kind::user, user);
  const std::string file =
      "workflow: a\n"
      "rules:\n"
      "  - {name: r, on: lead.created, do: [{assign: lu}]}\n"
      "assign:\n"
      "  lead: [{to: [chen, cheng, team/inbound]}]\n"
      "approvals: [{name: big, on: lead.convert, by: [chen, 王总]}]\n";
  try {
    put_in_force(*session, file);
    FAIL("it was applied");
  } catch (const crm::Error& error) {
    CHECK(error.message() == "the workflow names 4 times somebody who is not there");
    std::vector<std::string> lines;
    for (const crm::Problem& problem : error.problems()) lines.push_back(describe(problem, false));
    CHECK(
        lines ==
        std::vector<std::string>{
            "3: the rule 'r' names 'lu', who is no user; write owner, manager, team-lead or the name of a "
            "user",
            "5: the row in line 5 assigns to 'cheng', which is no user; did you mean 'chen'?",
            "5: the row in line 5 assigns to 'team/inbound', which is no team; add it with 'crm team add "
            "inbound'",
            "6: the approval 'big' names '王总', who is no user; write owner, manager, team-lead or the name "
            "of a user"});
  }
}

TEST_CASE("differences are told in words") {
  ScratchDatabase database;
  auto session = database.open();
  put_in_force(*session, R"(workflow: a
timezone: Asia/Shanghai
fields: {customer: {tier: {type: choice, choices: [a, b]}}}
stages: {lead: [{name: new}, {name: up, within: 8h}, {name: won, outcome: won}]}
validate: {lead: [{check: amount > 0, message: too little}]}
reminders: [{name: r, for: lead, when: amount > 0, every: 15m, template: t}]
templates: {t: {subject: s, body: b}}
)");
  const auto change = put_in_force(*session, R"(workflow: b
fields: {customer: {tier: {type: choice, choices: [a, b, c]}, size: {type: integer}}}
stages: {lead: [{name: new}, {name: won, outcome: won}, {name: up, within: 3d, requires: [phone]}, {name: lost, outcome: lost, from: any}]}
reminders: [{name: r, for: lead, when: amount > 0, every: day at 09:00, template: t}]
templates: {t: {subject: s, body: c}}
)");
  CHECK(change.differences ==
        Texts{"the name is now 'b', was 'a'", "the time zone is now none, was 'Asia/Shanghai'",
              "customer field 'tier': the list of choices is now 'a, b, c', was 'a, b'",
              "customer field 'size' is new",
              "lead stage 'up': 'requires' is now 'phone', was none, 'within' is now '3d', was '8h'",
              "lead stage 'lost' is new", "the stages of a lead come in another order: new, won, up, lost",
              "the check of a lead 'amount > 0' (too little) is gone",
              "reminder 'r': 'every' is now 'day at 09:00', was '15m'", "template 't': the body is another"});
}

TEST_CASE("files are checked one after the other") {
  ScratchDatabase database;
  const std::string good = database.path() + ".good.yaml";
  const std::string bad = database.path() + ".bad.yaml";
  std::ofstream(good) << kShort;
  std::ofstream(bad) << "workflow: A\n";
  const std::string files[] = {bad, good, bad};
  const auto problems = crm::check_workflow_files(files).problems;
  REQUIRE(problems.size() == 2);
  CHECK(problems[1].location.file == bad);
  const std::string missing[] = {database.path() + ".none", bad, "/"};
  const crm::CheckedWorkflows checked = crm::check_workflow_files(missing);
  CHECK(checked.problems.size() == 1);
  REQUIRE(checked.unreadable.size() == 2);
  CHECK(checked.unreadable[0].code() == crm::ErrorCode::not_found);
  CHECK(checked.unreadable[0].message().ends_with("No such file or directory"));
  CHECK(checked.unreadable[0].hint() == "check its name");
  CHECK(checked.unreadable[1].code() == crm::ErrorCode::io);
}
