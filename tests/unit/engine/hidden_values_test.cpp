// What a role may not see shows nowhere: in what was recorded, in messages, in what simulations and matches
// give away.
#include <doctest/doctest.h>

#include "crm/approvals.h"
#include "crm/import_runs.h"
#include "crm/outbox.h"
#include "crm/ownership.h"
#include "crm/remind.h"
#include "crm/users.h"
#include "records/concealment.h"
#include "unit/engine/engine_desk.h"
#include "unit/exchange/import_desk.h"

using namespace crm;
using crm::test::CollectedRows;
using crm::test::EngineDesk;
using crm::test::error_code;
using crm::test::ImportDesk;

namespace {

constexpr int kUnknown = 3, kRefused = 5, kTaken = 6;

constexpr const char* kMasking = R"yaml(
templates: {t: {subject: "{{name}} {{phone}}", body: "{{phone}}"}}
assign: {lead: [{when: "phone = '13900000000'", to: [li]}, {to: [li, wang], by: least-open, cap: 2}]}
rules:
  - {name: nine, on: lead.created, when: "phone like '%9'", do: [{tag: y}]}
  - {name: hello, on: lead.created, do: [{notify: {to: owner, template: t}}]}
  - {name: up, on: lead.created, do: [{notify: {to: manager, template: t}}]}
roles:
  rep: {see: own, edit: own, reveal: []}
  viewer: {see: all, edit: all, reveal: []}
  manager: {see: team, edit: team, reveal: [phone]}
  admin: {see: all, edit: all, reveal: all}
)yaml";

struct Masked : EngineDesk {
  Masked() {
    add(Kind::user, {{"name", "boss"}, {"role", "manager"}});
    add(Kind::user, {{"name", "li"}, {"role", "rep"}, {"manager", "boss"}});
    add(Kind::user, {{"name", "wang"}, {"role", "rep"}, {"manager", "boss"}});
    add(Kind::user, {{"name", "view"}, {"role", "viewer"}});
    apply(kMasking);
    lead("A", {{"owner", "li"}, {"phone", "13800138001"}});
  }
  void as(const std::string& login) { at("2026-03-02T11:00", login); }
};

std::string all_text(const CollectedRows& rows) {
  std::string text;
  for (const auto& row : rows.rows) {
    for (const auto& [name, value] : row) text += value + '\n';
  }
  return text;
}

}  // namespace

TEST_SUITE_BEGIN("engine/hidden values");

TEST_CASE("a command line is shown without what its reader may not see") {
  Masked desk;
  const std::string whole =
      "crm lead add 'A B' --phone '138 0013 8001' --source=web --amount 500000 --where 'phone like 1' --yes";
  CHECK(shown_command(desk.session(), whole) == whole);
  desk.as("view");
  CHECK(shown_command(desk.session(), whole) ==
        "crm lead add 'A B' --phone *** --source=web --amount 500000 --where *** --yes");
  CHECK(shown_command(desk.session(), "crm lead edit 13800138001 --note 'call 138 0013 8001' --to li") ==
        "crm lead edit *** --note *** --to li");
  CHECK(shown_command(desk.session(), "crm lead edit 7 --field phone=13800138001 --field region=East") ==
        "crm lead edit 7 --field phone=*** --field region=East");
}

TEST_CASE("runs, explanations and messages to others show no masked value") {
  Masked desk;
  const RecordId lead{Kind::lead, 1};
  for (const char* login : {"admin", "li", "view"}) {
    desk.as(login);
    CollectedRows explained;
    explain(desk.session(), lead, explained);
    list_rule_runs(desk.session(), {}, explained);
    CHECK(all_text(explained).find("13800138001") == std::string::npos);
    CHECK(all_text(explained).find("phone is ***") != std::string::npos);
  }
  // The message is made for its reader's eyes.
  CHECK(desk.count("SELECT count(*) FROM outbox WHERE rule = 'hello' AND body = '138****8001\n'") +
            desk.count("SELECT count(*) FROM outbox WHERE rule = 'hello' AND body = '138****8001'") ==
        1);
  CHECK(desk.count("SELECT count(*) FROM outbox WHERE rule = 'up' AND body LIKE '13800138001%'") == 1);
  desk.as("view");
  CollectedRows messages;
  list_outbox(desk.session(), {}, messages);
  for (const std::int64_t id : {1, 2}) show_message(desk.session(), id, messages);
  CHECK(all_text(messages).find("13800138001") == std::string::npos);
  desk.as("boss");
  CollectedRows own;
  list_outbox(desk.session(), {}, own);
  CHECK(all_text(own).find("A 13800138001") != std::string::npos);
}

TEST_CASE("who does not see a message neither cancels it nor sends it again") {
  Masked desk;
  desk.as("wang");
  CollectedRows rows;
  const std::int64_t all[] = {1};
  CHECK(error_code([&] { cancel_messages(desk.session(), all, rows); }) == kUnknown);
  CHECK(error_code([&] { retry_messages(desk.session(), all, rows); }) == kUnknown);
  CHECK(desk.count("SELECT count(*) FROM outbox WHERE state = 'cancelled'") == 0);
  desk.as("li");
  const std::int64_t own[] = {
      desk.count("SELECT o.id FROM outbox o JOIN user u ON u.id = o.person WHERE u.name = 'li'")};
  cancel_messages(desk.session(), own, rows);
  CHECK(desk.count("SELECT count(*) FROM outbox WHERE state = 'cancelled'") == 1);
}

TEST_CASE("who sees only a part, or not each field, does not read the messages by delivering them") {
  Masked desk;
  struct : MessageSink {
    void message(const Message&) override { ++messages; }
    int messages = 0;
  } sink;
  ChannelOptions out;
  out.name = "stdout";
  for (const char* login : {"wang", "boss", "view"}) {
    desk.as(login);
    CHECK(error_code([&] { flush_outbox(desk.session(), out, sink); }) == kRefused);
    RemindOptions now;
    now.channel = out;
    CHECK(error_code([&] { remind(desk.session(), now, sink); }) == kRefused);
  }
  desk.as("wang");
  CHECK(error_code([&] { flush_outbox(desk.session(), {}, sink); }) == kRefused);
  CHECK(desk.count("SELECT count(*) FROM outbox WHERE state = 'sent'") == 0);
  CHECK(sink.messages == 0);
  desk.as("admin");
  flush_outbox(desk.session(), out, sink);
  CHECK(sink.messages > 0);
}

TEST_CASE("a file of one's own making asks nothing that one may not see") {
  Masked desk;
  desk.as("view");
  SimulateOptions options;
  options.kind = Kind::lead;
  const auto simulate = [&](const std::string& text) {
    CollectedRows rows;
    simulate_workflow(desk.session(), text, "w.yaml", options, rows);
  };
  const std::string oracle =
      "workflow: w\nvalidate: {lead: [{check: \"phone <> '13800138001'\", message: no}]}\n";
  CHECK(error_code([&] { simulate(oracle); }) == kRefused);
  options.selection.where = "phone = '13800138001'";
  CHECK(error_code([&] { simulate("workflow: w\n"); }) == kRefused);
  options.selection.where = {};
  CHECK(error_code([&] { simulate("workflow: w\n"); }) == 0);
}

TEST_CASE("an explanation tells of colleagues only whether they could") {
  Masked desk;
  for (int i = 0; i < 2; ++i) desk.lead("W", {{"owner", "wang"}});
  const RecordId pooled = desk.lead("P", {{"owner", "li"}});
  const auto about = [&](const char* name) {
    const AssignmentExplanation explanation = explain_assignment(desk.session(), pooled);
    for (const AssignmentCandidate& one : explanation.steps.back().candidates) {
      if (one.user == name) return one;
    }
    return AssignmentCandidate();
  };
  CHECK(about("wang").open == 2);
  desk.as("li");
  CHECK(!about("wang").open);
  CHECK(!about("wang").today);
  CHECK(about("wang").why_not == "has as many as the row allows");
  CHECK(about("li").open == 2);
}

TEST_CASE("records of others show through no reference, match, undo or hand-over") {
  ImportDesk desk;
  for (const char* name : {"li", "zhao"}) desk.add(Kind::user, {{"name", name}, {"role", "rep"}});
  apply_workflow(desk.session(),
                 "workflow: w\nroles: {rep: {see: own, edit: own}, admin: {see: all, edit: all}}\n",
                 "w.yaml");
  desk.lead("Z1", {{"owner", "zhao"}, {"phone", "13800138001"}, {"ref", "erp/77"}});
  desk.lead("Z2", {{"owner", "zhao"}, {"phone", "13800138001"}});
  desk.import(Kind::lead, "name\nQ\n");
  desk.at("2026-03-02T11:00", "li");
  const auto message = [&](const auto& act) {
    try {
      act();
    } catch (const Error& error) {
      return error.message() + error.hint() + error.record();
    }
    return std::string("done");
  };
  const std::string hidden = message([&] { resolve(desk.session(), Kind::lead, "ref:erp/77"); });
  std::string unknown = message([&] { resolve(desk.session(), Kind::lead, "ref:erp/78"); });
  unknown.replace(unknown.find("erp/78"), 6, "erp/77");
  CHECK(hidden == unknown);
  CHECK(error_code([&] { desk.lead("x", {{"ref", "erp/77"}}); }) == kTaken);
  CHECK(message([&] { desk.lead("x", {{"ref", "erp/77"}}); }).find("lead/") == std::string::npos);
  ImportOptions by_phone;
  by_phone.match = {"phone"};
  CHECK(ImportDesk::counts(desk.import(Kind::lead, "name,phone,owner\nN,13800138001,li\n", by_phone)) ==
        "1 added");
  by_phone.on_match = OnMatch::skip;
  CHECK(ImportDesk::counts(desk.import(Kind::lead, "name,phone,owner\nN,13800138001,li\n", by_phone)) ==
        "1 skipped");
  CHECK(message([&] { desk.import(Kind::lead, "ref,name,owner\nerp/77,N,li\n"); }).find("lead/") ==
        std::string::npos);
  CHECK(error_code([&] { undo_import(desk.session(), 1); }) == kUnknown);
  CHECK(error_code([&] {
          CollectedRows rows;
          show_import(desk.session(), 1, rows);
        }) == kUnknown);
  CollectedRows runs;
  list_imports(desk.session(), std::nullopt, runs);
  for (const auto& run : runs.rows) CHECK(run.at("by") == "li");
  CHECK(message([&] { undo(desk.session(), 4); }) == "there is no change 4list them with 'crm log'");
  const std::string refused = message([&] { transfer_holdings(desk.session(), {Kind::user, 3}, "li"); });
  CHECK(refused.find('/') == std::string::npos);
  CHECK(refused.find("may not hand over the records of 'zhao'") != std::string::npos);
}

TEST_SUITE_END();
