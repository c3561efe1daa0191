// Rules set off by changes.
#include <doctest/doctest.h>

#include "crm/leads.h"
#include "unit/engine/engine_desk.h"

using namespace crm;
using crm::test::EngineDesk;
using crm::test::error_code;

TEST_SUITE_BEGIN("engine/rules");

TEST_CASE("a rule acts in the transaction of the change, in its own name, and the run is logged") {
  EngineDesk desk(R"yaml(
rules:
  - name: greet
    on: lead.created
    when: source = 'web'
    do: [{tag: fresh}, {followup: {type: call, due: 2h, note: "Call {{name}}"}}, {set: {note: "from {{source}}"}}]
)yaml");
  const RecordId lead = desk.lead("A", {{"source", "web"}});
  CHECK(desk.text(lead, "tags") == "fresh");
  CHECK(desk.text(lead, "note") == "from web");
  const auto plans = desk.list(Kind::followup);
  REQUIRE(plans.size() == 1);
  CHECK(plans[0].at("note") == "Call A");
  CHECK(plans[0].at("due_at") == "2026-03-02T12:00:00+08:00");
  CHECK(desk.count("SELECT count(DISTINCT change) FROM event WHERE kind IN (5, 6) AND record = 1") == 1);
  CHECK(desk.count("SELECT count(*) FROM event WHERE rule = 'greet'") > 0);
  CHECK(verify(desk.session()).problems.empty());
  const RecordId other = desk.lead("B", {{"source", "fair"}});
  CHECK(desk.text(other, "tags").empty());
  const auto runs = desk.runs();
  REQUIRE(runs.size() == 2);
  CHECK(runs[0].at("outcome") == "not");
  CHECK(runs[0].at("detail") == "source = 'web' fails: source is 'fair'");
  CHECK(runs[1].at("outcome") == "acted");
}

TEST_CASE("what waits about a record is cancelled with it, and what its deletion says goes out") {
  EngineDesk desk(
      "templates: {t: {subject: s, body: b}}\n"
      "rules:\n"
      "  - {name: hello, on: lead.created, do: [{notify: {to: owner, template: t}}]}\n"
      "  - {name: bye, on: lead.deleted, do: [{notify: {to: owner, template: t}}]}\n");
  desk.user("li");
  const RecordId lead = desk.lead("A", {{"owner", "li"}});
  const RecordId other = desk.lead("B", {{"owner", "li"}});
  desk.session().state().connection->execute("UPDATE outbox SET state = 'sending' WHERE about = 2", {});
  desk.lead("C", {{"owner", "li"}});
  CHECK(desk.count("SELECT count(*) FROM outbox WHERE state = 'queued'") == 2);
  remove(desk.session(), lead);
  remove(desk.session(), other);
  CHECK(
      desk.count("SELECT count(*) FROM outbox WHERE rule = 'hello' AND about = 1 AND state = 'cancelled' AND "
                 "reply = 'lead/1 was deleted'") == 1);
  CHECK(desk.count("SELECT count(*) FROM outbox WHERE about = 2 AND state = 'sending'") == 1);
  CHECK(desk.count("SELECT count(*) FROM outbox WHERE about = 3 AND state = 'queued'") == 1);
  CHECK(desk.count("SELECT count(*) FROM outbox WHERE rule = 'bye' AND state = 'queued' AND about IS NULL") ==
        2);
  undo(desk.session(), {});
  CHECK(verify(desk.session()).problems.empty());
}

TEST_CASE("what waits about a record is cancelled when its addition is undone") {
  EngineDesk desk(
      "templates: {t: {subject: s, body: b}}\n"
      "rules: [{name: hello, on: lead.created, do: [{notify: {to: owner, template: t}}]}]\n");
  desk.user("li");
  desk.lead("A", {{"owner", "li"}});
  undo(desk.session(), {});
  CHECK(desk.count("SELECT count(*) FROM outbox WHERE state = 'cancelled'") == 1);
}

TEST_CASE("of a condition the first part that does not hold is told, with the values it looked at") {
  EngineDesk desk(R"yaml(
rules:
  - {name: r, on: lead.updated, when: "source = 'web' and changed(amount) and amount > was(amount)", do: [{tag: more}]}
)yaml");
  const RecordId lead = desk.lead("A", {{"source", "web"}, {"amount", "10"}});
  edit(desk.session(), lead, std::vector<FieldText>{{"note", "x"}});
  CHECK(desk.runs()[0].at("detail").starts_with("changed(amount)"));
  edit(desk.session(), lead, std::vector<FieldText>{{"amount", "5"}});
  CHECK(desk.runs()[0].at("detail") == "amount > was(amount) fails: amount is 5.00, amount was 10.00");
  edit(desk.session(), lead, std::vector<FieldText>{{"amount", "20"}});
  CHECK(desk.text(lead, "tags") == "more");
}

TEST_CASE("rules act in the order of the file, and what they set off comes after all of them") {
  EngineDesk desk(R"yaml(
rules:
  - {name: first, on: lead.created, do: [{stage: contacted}, {set: {note: "1"}}]}
  - {name: moved, on: lead.stage.contacted, do: [{set: {note: "{{note}}3"}}]}
  - {name: second, on: lead.created, do: [{set: {note: "{{note}}2"}}]}
)yaml");
  CHECK(desk.text(desk.lead("A"), "note") == "123");
}

TEST_CASE("a rule acts once for a record in a change, however often it is set off") {
  EngineDesk desk(R"yaml(
rules:
  - {name: a, on: lead.updated, do: [{set: {title: "{{title}}a"}}]}
  - {name: b, on: lead.updated, do: [{set: {title: "{{title}}b"}}]}
)yaml");
  const RecordId lead = desk.lead("A");
  edit(desk.session(), lead, std::vector<FieldText>{{"note", "x"}});
  CHECK(desk.text(lead, "title") == "ab");
  edit(desk.session(), lead, std::vector<FieldText>{{"note", "y"}});
  CHECK(desk.text(lead, "title") == "abab");
}

TEST_CASE("a chain without end is refused with its links, and nothing of it stays") {
  EngineDesk desk(R"yaml(
rules:
  - {name: breed, on: lead.created, do: [{create: {kind: lead, set: {name: "{{name}}'"}}}]}
)yaml");
  std::string message;
  try {
    desk.lead("A");
  } catch (const Error& error) {
    message = error.message();
  }
  CHECK(message.find("breed on lead/1, then breed on lead/2") != std::string::npos);
  CHECK(message.find("(test.yaml:4)") != std::string::npos);
  CHECK(desk.count("SELECT count(*) FROM lead") == 0);
}

TEST_CASE("a failing action fails the command, with the rule and its line; the failure is noted afterwards") {
  EngineDesk desk(R"yaml(
rules:
  - name: bad
    on: lead.created
    do:
      - tag: x
      - set: {owner: "{{name}}"}
)yaml");
  std::string message;
  try {
    desk.lead("A");
  } catch (const Error& error) {
    message = error.message();
  }
  CHECK(message.starts_with("the rule 'bad' (test.yaml:8): "));
  CHECK(desk.count("SELECT count(*) FROM lead") == 0);
  CHECK(desk.count("SELECT count(*) FROM tag") == 0);
  write_aftermath(desk.session(), false);
  CHECK(desk.runs()[0].at("outcome") == "failed");
}

TEST_CASE("a step that fails takes what its rules did with it, and the others go on") {
  EngineDesk desk(R"yaml(
validate:
  lead: [{check: "note is null or note <> 'bad'", message: no}]
rules:
  - {name: r, on: lead.created, do: [{set: {note: "{{title}}"}}]}
)yaml");
  {
    Write write(desk.session());
    for (const char* title : {"good", "bad", "fine"}) {
      Step step(desk.session());
      try {
        desk.lead(title, {{"title", title}});
        write.settle();
        step.keep();
      } catch (const Error&) {
        continue;
      }
    }
    write.commit();
  }
  CHECK(desk.count("SELECT count(*) FROM lead") == 2);
  CHECK(desk.count("SELECT count(*) FROM lead WHERE note = title") == 2);
  CHECK(verify(desk.session()).problems.empty());
}

TEST_CASE("verbs, stages and talks are events") {
  EngineDesk desk(R"yaml(
rules:
  - {name: converted, on: lead.convert, do: [{tag: verb}]}
  - {name: won, on: lead.stage.won, do: [{tag: stage}]}
  - {name: talked, on: followup.logged, for: lead, do: [{tag: talked}]}
  - {name: given, on: lead.assigned, do: [{tag: given}]}
  - {name: gone, on: lead.deleted, do: [{create: {kind: customer, set: {name: "{{name}}"}}}]}
)yaml");
  desk.user("li");
  const RecordId lead = desk.lead("A");
  desk.add(Kind::followup, {{"about", "lead/1"}, {"at", "2026-03-02T09:00"}});
  edit(desk.session(), lead, std::vector<FieldText>{{"owner", "li"}});
  convert_lead(desk.session(), lead);
  CHECK(desk.text(lead, "tags") == "given stage talked verb");
  remove(desk.session(), lead);
  CHECK(desk.list(Kind::customer).size() == 2);
}

TEST_CASE("what a rule plans belongs to the record's owner, not to who set it off") {
  EngineDesk desk("rules: [{name: call, on: lead.created, do: [{followup: {due: 1d}}]}]\n");
  desk.user("li");
  desk.lead("A");
  desk.lead("B", {{"owner", "li"}});
  CHECK(desk.text({Kind::followup, 1}, "owner").empty());
  CHECK(desk.text({Kind::followup, 2}, "owner") == "li");
}

TEST_CASE("messages go out once for the rule, the person, the record and the change") {
  EngineDesk desk(R"yaml(
templates: {t: {subject: "{{name}} for {{recipient}}", body: "{{record}} {{rule}} {{date}}"}}
rules:
  - {name: r, on: lead.assigned, do: [{notify: {to: owner, template: t}}, {notify: {to: owner, template: t}}, {notify: {to: manager, template: t}}]}
)yaml");
  desk.user("chen");
  desk.add(Kind::user, {{"name", "li"}, {"manager", "chen"}});
  const RecordId lead = desk.lead("A", {{"owner", "li"}});
  CHECK(desk.messages() == 2);
  CHECK(desk.count(
            "SELECT count(*) FROM outbox WHERE subject = 'A for li' AND body LIKE 'lead/1 r 2026-03-02%'") ==
        1);
  edit(desk.session(), lead, std::vector<FieldText>{{"owner", ""}});
  edit(desk.session(), lead, std::vector<FieldText>{{"owner", "li"}});
  CHECK(desk.messages() == 4);
}

TEST_CASE("a file that sends messages by channels that are not there says so when it is applied") {
  EngineDesk desk;
  desk.apply(R"yaml(
templates: {t: {subject: s, body: b}}
rules:
  - {name: a, on: lead.created, do: [{webhook: {channel: ops}}, {notify: {to: owner, template: t}}]}
  - {name: b, on: lead.deleted, do: [{notify: {to: owner, template: t, channel: email}}, {webhook: {channel: ops}}]}
)yaml");
  const std::vector<std::string> notices = desk.session().take_notices();
  REQUIRE(notices.size() == 1);
  CHECK(notices[0] ==
        "there is no channel 'ops': what goes by it waits until 'crm outbox channel add ops' makes one");
}

TEST_CASE("why a record has its owner is told as it was decided then, not as it would be now") {
  EngineDesk desk;
  for (const char* name : {"li", "wang"}) desk.add(Kind::user, {{"name", name}});
  desk.apply(R"yaml(
assign: {lead: [{when: "source = 'web'", to: [li, wang], by: least-open}]}
)yaml");
  const RecordId lead = desk.lead("A", {{"source", "web"}});
  for (const char* name : {"B", "C"}) desk.lead(name, {{"source", "web"}, {"owner", "li"}});
  const std::string owner = desk.text(lead, "owner");
  crm::test::CollectedRows rows;
  explain(desk.session(), lead, rows);
  std::string assignment;
  for (const auto& row : rows.rows) {
    if (row.at("part") == "assign")
      assignment += row.at("name") + row.at("outcome") + row.at("detail") + '\n';
  }
  CHECK(
      assignment ==
      owner +
          "table\nline 3, when source = 'web': yes\n  li: chosen, with 0 open\n  wang: could, with 0 open\n");
  const RecordId by_hand = desk.lead("D", {{"source", "web"}, {"owner", "wang"}});
  rows.rows.clear();
  explain(desk.session(), by_hand, rows);
  CHECK(rows.rows[2].at("detail") == "the table has not been asked; as things stand it would say:");
}

TEST_SUITE_END();