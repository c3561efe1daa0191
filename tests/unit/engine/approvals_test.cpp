// Commands that wait until somebody has agreed.
#include <doctest/doctest.h>

#include "crm/approvals.h"
#include "crm/leads.h"
#include "unit/engine/engine_desk.h"

using namespace crm;
using crm::test::CollectedRows;
using crm::test::EngineDesk;
using crm::test::error_code;

namespace {

constexpr const char* kWorkflow = R"yaml(
stages: {lead: [{name: new}, {name: won, outcome: won}]}
approvals:
  - {name: big, on: lead.stage.won, when: amount > 1000, by: [manager, role/director], deadline: {after: 2d, to: gao}, fast-track: {role: director}}
  - {name: any, on: lead.deleted, by: {any-of: [manager, gao]}}
rules:
  - {name: told, on: approval.decided, for: lead, do: [{tag: decided}]}
)yaml";

class ApprovalDesk : public EngineDesk {
 public:
  ApprovalDesk() {
    add(Kind::user, {{"name", "gao"}, {"role", "director"}});
    add(Kind::user, {{"name", "chen"}});
    add(Kind::user, {{"name", "li"}, {"manager", "chen"}});
    apply(kWorkflow);
    lead("A", {{"amount", "5000"}});
  }
  void as(const std::string& login, const std::string& now = "2026-03-02T10:00") {
    at(now, login);
    session().note_words({"lead", "advance", "1"});
  }
  // What the program does around a command.
  int advance() {
    const int code = error_code([&] { advance_lead(session(), {Kind::lead, 1}); });
    write_aftermath(session(), false);
    return code;
  }
  std::string state(std::int64_t id) {
    return session()
        .state()
        .connection->query_text("SELECT state FROM approval WHERE id = " + std::to_string(id))
        .value_or("");
  }
  int carry_out(std::int64_t id) {
    return error_code([&] {
      const GrantedCommand granted(session(), id);
      advance_lead(session(), {Kind::lead, 1});
    });
  }
};

}  // namespace

TEST_SUITE_BEGIN("engine/approvals");

TEST_CASE("a command is held back, asked for once, and carried out when all have agreed in order") {
  ApprovalDesk desk;
  desk.as("li");
  CHECK(desk.advance() == 8);
  CHECK(desk.text({Kind::lead, 1}, "stage") == "new");
  CHECK(desk.advance() == 8);
  CHECK(desk.count("SELECT count(*) FROM approval") == 1);
  CHECK(desk.messages() == 1);
  CHECK(error_code([&] { approve(desk.session(), 1, ""); }) == 5);
  desk.as("gao");
  CHECK(error_code([&] { approve(desk.session(), 1, ""); }) == 5);  // not yet their turn
  desk.as("chen");
  CHECK_FALSE(approve(desk.session(), 1, "fine"));
  CHECK(desk.messages() == 2);  // gao's turn
  CHECK(error_code([&] { approve(desk.session(), 1, ""); }) == 5);
  desk.as("gao");
  CHECK(approve(desk.session(), 1, ""));
  CHECK(desk.carry_out(1) == 0);
  CHECK(desk.text({Kind::lead, 1}, "stage") == "won");
  CHECK(desk.count("SELECT count(*) FROM change WHERE actor = 'li'") == 1);
  CHECK(desk.text({Kind::lead, 1}, "tags") == "decided");
  CHECK(desk.carry_out(1) == 6);
  // What was typed may hold an identity number.
  CHECK(desk.count("SELECT count(*) FROM approval WHERE words <> '[]'") == 0);
}

TEST_CASE("a record that was changed since is not touched") {
  ApprovalDesk desk;
  desk.as("li");
  desk.advance();
  edit(desk.session(), {Kind::lead, 1}, std::vector<FieldText>{{"amount", "9000"}});
  desk.as("chen");
  CHECK(error_code([&] { approve(desk.session(), 1, ""); }) == 6);
  CHECK(desk.state(1) == "outdated");
  CHECK(error_code([&] { approve(desk.session(), 1, ""); }) == 6);
  CHECK(desk.text({Kind::lead, 1}, "stage") == "new");
  desk.as("li");
  CHECK(desk.advance() == 8);
  CHECK(desk.state(2) == "waiting");
  desk.as("chen");
  approve(desk.session(), 2, "");
  desk.as("gao");
  approve(desk.session(), 2, "");
  // Given, and changed before it was carried out.
  edit(desk.session(), {Kind::lead, 1}, std::vector<FieldText>{{"amount", "8000"}});
  CHECK(desk.carry_out(2) == 6);
  CHECK(desk.state(2) == "outdated");
  CHECK(desk.text({Kind::lead, 1}, "stage") == "new");
  CHECK(verify(desk.session()).problems.empty());
}

TEST_CASE("below the amount nobody is asked; rejected, withdrawn and delegated requests") {
  ApprovalDesk desk;
  desk.as("li");
  edit(desk.session(), {Kind::lead, 1}, std::vector<FieldText>{{"amount", "10"}});
  CHECK(desk.advance() == 0);
  desk.lead("B", {{"amount", "5000"}});
  const auto ask = [&] {
    desk.as("li");
    const int code = error_code([&] { advance_lead(desk.session(), {Kind::lead, 2}); });
    write_aftermath(desk.session(), false);
    return code;
  };
  CHECK(ask() == 8);
  desk.as("chen");
  delegate_approval(desk.session(), 1, "admin");
  CHECK(error_code([&] { approve(desk.session(), 1, ""); }) == 5);
  desk.as("admin");
  reject_approval(desk.session(), 1, "no");
  CHECK(desk.state(1) == "rejected");
  CHECK(ask() == 8);
  CHECK(error_code([&] { withdraw_approval(desk.session(), 2, ""); }) == 0);
  CHECK(desk.state(2) == "withdrawn");
  CHECK(error_code([&] { approve(desk.session(), 2, ""); }) == 6);
}

TEST_CASE("the fast track is recorded as skipped, and is an exception") {
  ApprovalDesk desk;
  desk.as("li");
  desk.advance();
  desk.as("chen");
  CHECK(error_code([&] { skip_approval(desk.session(), 1, "why not"); }) == 5);
  desk.as("gao");
  CHECK(error_code([&] { skip_approval(desk.session(), 1, ""); }) == 4);
  CHECK(skip_approval(desk.session(), 1, "a VIP"));
  CHECK(desk.state(1) == "skipped");
  CHECK(desk.carry_out(1) == 0);
  CollectedRows rows;
  list_exceptions(desk.session(), {}, rows);
  REQUIRE(rows.rows.size() == 1);
  CHECK(rows.rows[0].at("exception") == "skipped");
  CHECK(rows.rows[0].at("by") == "gao");
  CHECK(rows.rows[0].at("reason") == "a VIP");
}

TEST_CASE("after the deadline others may decide; it is told once") {
  ApprovalDesk desk;
  desk.as("li");
  desk.advance();
  CHECK(desk.run("2026-03-04T09:59").done == 0);
  CHECK(desk.run("2026-03-04T10:00").done == 1);
  CHECK(desk.run("2026-03-05T10:00").done == 0);
  desk.as("gao", "2026-03-05T10:00");
  CHECK_FALSE(approve(desk.session(), 1, ""));
  CHECK(approve(desk.session(), 1, ""));
}

TEST_CASE("the manager to whom a deadline goes is that of the approver") {
  EngineDesk desk;
  desk.user("gao");
  desk.add(Kind::user, {{"name", "chen"}, {"manager", "gao"}});
  desk.add(Kind::user, {{"name", "li"}, {"manager", "chen"}});
  desk.apply("approvals: [{name: one, on: lead.deleted, by: manager, deadline: {after: 1d, to: manager}}]\n");
  desk.lead("A");
  desk.at("2026-03-02T10:00", "li");
  desk.session().note_words({"lead", "delete", "1"});
  CHECK(error_code([&] { remove(desk.session(), {Kind::lead, 1}); }) == 8);
  write_aftermath(desk.session(), false);
  desk.at("2026-03-02T11:00", "gao");
  CHECK(error_code([&] { approve(desk.session(), 1, ""); }) == 5);
  desk.run("2026-03-04T10:00");
  CHECK(desk.count("SELECT count(*) FROM outbox WHERE person = (SELECT id FROM user WHERE name = 'gao')") == 1);
  desk.at("2026-03-05T10:00", "gao");
  CHECK(approve(desk.session(), 1, ""));
}

TEST_CASE("any of several is enough; a dry run asks nobody") {
  ApprovalDesk desk;
  desk.at("2026-03-02T10:00", "li", true);
  CHECK(error_code([&] { remove(desk.session(), {Kind::lead, 1}); }) == 8);
  write_aftermath(desk.session(), false);
  desk.as("li");
  CHECK(desk.count("SELECT count(*) FROM approval") == 0);
  CHECK(error_code([&] { remove(desk.session(), {Kind::lead, 1}); }) == 8);
  write_aftermath(desk.session(), false);
  desk.as("gao");
  CHECK(approve(desk.session(), 1, ""));
  const GrantedCommand granted(desk.session(), 1);
  CHECK(error_code([&] { remove(desk.session(), {Kind::lead, 1}); }) == 0);
}

TEST_CASE("who asks is told where nobody could agree") {
  ApprovalDesk desk;
  desk.as("chen");  // nobody is their manager
  CHECK(error_code([&] { advance_lead(desk.session(), {Kind::lead, 1}); }) == 8);
  const auto told = write_aftermath(desk.session(), false);
  REQUIRE(told.size() == 1);
  CHECK(told[0] ==
        "recorded as approval 1: 'crm approval show 1' tells whom it waits for; as things stand nobody can "
        "agree "
        "as 'manager'");
}

TEST_CASE("an undo needs what the change that it makes would need, for the change that it names") {
  ApprovalDesk desk;
  desk.as("li");
  const RecordId made = desk.lead("B");
  const auto take_back = [&](std::optional<std::int64_t> change) {
    desk.session().note_words(change ? std::vector<std::string>{"undo", std::to_string(*change)}
                                     : std::vector<std::string>{"undo"});
    const int code = error_code([&] { undo(desk.session(), change); });
    write_aftermath(desk.session(), false);
    return code;
  };
  CHECK(take_back(std::nullopt) == 8);
  CHECK(desk.text(made, "name") == "B");
  const auto words = desk.session().state().connection->query_text("SELECT words FROM approval");
  const std::int64_t change = desk.count("SELECT max(id) FROM change");
  CHECK(*words == "[\"undo\",\"" + std::to_string(change) + "\"]");
  desk.as("chen");
  CHECK(approve(desk.session(), 1, ""));
  {
    const GrantedCommand granted(desk.session(), 1);
    CHECK(error_code([&] { undo(desk.session(), change); }) == 0);
  }
  CHECK(desk.count("SELECT count(*) FROM lead WHERE id = 2 AND deleted_at IS NOT NULL") == 1);
  // An edit that nobody must agree to is taken back as it was made.
  const FieldText note[] = {{"note", "x"}};
  edit(desk.session(), {Kind::lead, 1}, note);
  CHECK(take_back(std::nullopt) == 0);
}

TEST_CASE("of all who must agree each is another person; nobody's command is carried out once they left") {
  EngineDesk desk;
  for (const char* name : {"m1", "m2", "zhou"}) desk.user(name);
  desk.apply("approvals: [{name: two, on: lead.deleted, by: {all-of: [m1, m2]}}]\n");
  desk.lead("A");
  const auto as = [&](const char* login) {
    desk.at("2026-03-02T10:00", login);
    desk.session().note_words({"lead", "delete", "1"});
  };
  as("zhou");
  CHECK(error_code([&] { remove(desk.session(), {Kind::lead, 1}); }) == 8);
  write_aftermath(desk.session(), false);
  as("m1");
  CHECK(error_code([&] { delegate_approval(desk.session(), 1, "m2"); }) == 5);
  delegate_approval(desk.session(), 1, "admin");
  as("admin");
  CHECK_FALSE(approve(desk.session(), 1, ""));
  as("m2");
  CHECK(error_code([&] { delegate_approval(desk.session(), 1, "admin"); }) == 5);
  as("admin");
  edit(desk.session(), resolve(desk.session(), Kind::user, "zhou"), std::vector<FieldText>{{"active", "no"}});
  as("m2");
  CHECK(error_code([&] { approve(desk.session(), 1, ""); }) == 6);
  as("admin");
  edit(desk.session(), resolve(desk.session(), Kind::user, "zhou"),
       std::vector<FieldText>{{"active", "yes"}});
  as("m2");
  CHECK(approve(desk.session(), 1, ""));
  as("admin");
  edit(desk.session(), resolve(desk.session(), Kind::user, "zhou"), std::vector<FieldText>{{"active", "no"}});
  CHECK(error_code([&] { const GrantedCommand granted(desk.session(), 1); }) == 6);
}

TEST_CASE("who agrees to what they asked for is an exception, be it as the first of several") {
  EngineDesk desk;
  for (const char* name : {"m1", "m2"}) desk.user(name);
  desk.apply("approvals: [{name: two, on: lead.deleted, by: {all-of: [m1, m2]}, own: true}]\n");
  desk.lead("A");
  const auto as = [&](const char* login) {
    desk.at("2026-03-02T10:00", login);
    desk.session().note_words({"lead", "delete", "1"});
  };
  as("m1");
  CHECK(error_code([&] { remove(desk.session(), {Kind::lead, 1}); }) == 8);
  write_aftermath(desk.session(), false);
  CHECK_FALSE(approve(desk.session(), 1, ""));
  as("m2");
  CHECK(approve(desk.session(), 1, ""));
  CollectedRows rows;
  list_exceptions(desk.session(), {}, rows);
  REQUIRE(rows.rows.size() == 1);
  CHECK(rows.rows[0]["exception"] == "own");
}

TEST_CASE("after the deadline, too, one person takes one seat of those who must all agree") {
  EngineDesk desk;
  for (const char* name : {"m1", "m2", "gao", "zhou"}) desk.user(name);
  desk.apply(
      "approvals: [{name: two, on: lead.deleted, by: {all-of: [m1, m2]}, deadline: {after: 1d, to: gao}}]\n");
  desk.lead("A");
  const auto as = [&](const char* login, const char* now = "2026-03-05T10:00") {
    desk.at(now, login);
    desk.session().note_words({"lead", "delete", "1"});
  };
  as("zhou", "2026-03-02T10:00");
  CHECK(error_code([&] { remove(desk.session(), {Kind::lead, 1}); }) == 8);
  write_aftermath(desk.session(), false);
  desk.run("2026-03-04T10:00");
  as("gao");
  CHECK_FALSE(approve(desk.session(), 1, ""));
  CHECK(error_code([&] { approve(desk.session(), 1, ""); }) == 5);
  as("m2");
  CHECK(approve(desk.session(), 1, ""));
}

TEST_CASE("what several approvals hold back is asked for at once") {
  EngineDesk desk;
  for (const char* name : {"m1", "zhou"}) desk.user(name);
  desk.apply(
      "approvals:\n"
      "  - {name: money, on: lead.updated, when: changed(amount), by: [m1]}\n"
      "  - {name: place, on: lead.updated, when: changed(region), by: [m1]}\n");
  desk.lead("A");
  desk.at("2026-03-02T10:00", "zhou");
  desk.session().note_words({"lead", "edit", "1"});
  const std::vector<FieldText> both{{"amount", "5"}, {"region", "East"}};
  CHECK(error_code([&] { edit(desk.session(), {Kind::lead, 1}, both); }) == 8);
  CHECK(write_aftermath(desk.session(), false).size() == 2);
  desk.at("2026-03-02T10:00", "m1");
  CHECK(approve(desk.session(), 1, ""));
  CHECK(approve(desk.session(), 2, ""));
  const GrantedCommand granted(desk.session(), 2);
  CHECK(error_code([&] { edit(desk.session(), {Kind::lead, 1}, both); }) == 0);
  CHECK(desk.text({Kind::lead, 1}, "region") == "East");
}

TEST_SUITE_END();

// The manager and whoever asked are told of a request and its runs, a stranger's list does not give them
// away.
TEST_CASE("roles narrow the lists of requests and of runs, and who sees only a part may try nothing on all") {
  ApprovalDesk desk;
  desk.add(Kind::user, {{"name", "zhao"}, {"role", "rep"}});
  desk.apply(
      std::string(kWorkflow) +
      "roles: {rep: {see: own, edit: own}, director: {see: all, edit: all}, admin: {see: all, edit: all}}\n");
  edit(desk.session(), resolve(desk.session(), Kind::user, "li"), std::vector<FieldText>{{"role", "rep"}});
  edit(desk.session(), resolve(desk.session(), Kind::user, "chen"), std::vector<FieldText>{{"role", "rep"}});
  edit(desk.session(), {Kind::lead, 1}, std::vector<FieldText>{{"owner", "li"}});
  desk.as("li");
  CHECK(desk.advance() == 8);
  const auto requests = [&](const std::string& login) {
    desk.as(login);
    CollectedRows rows;
    list_approvals(desk.session(), {}, rows);
    return rows.rows.size();
  };
  CHECK(requests("li") == 1);
  CHECK(requests("chen") == 1);  // it waits for li's manager, who sees no lead of li's
  CHECK(requests("gao") == 1);
  CHECK(requests("zhao") == 0);
  CollectedRows shown;
  CHECK(error_code([&] { show_approval(desk.session(), 1, shown); }) == 3);
  // Nor does a verb tell more of it than that it is not there.
  for (const std::int64_t id : {1, 77}) {
    CHECK(error_code([&] { approve(desk.session(), id, ""); }) == 3);
    CHECK(error_code([&] { reject_approval(desk.session(), id, ""); }) == 3);
    CHECK(error_code([&] { withdraw_approval(desk.session(), id, ""); }) == 3);
    CHECK(error_code([&] { delegate_approval(desk.session(), id, "zhao"); }) == 3);
    CHECK(error_code([&] { skip_approval(desk.session(), id, "x"); }) == 3);
  }
  CHECK(error_code([&] { simulate_workflow(desk.session(), "workflow: a\n", "a.yaml", {}, shown); }) == 5);
}
