// Roles: nothing of what a role may not see comes out by any way, and nothing of what it may not change goes
// in.
#include "records/rights.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "crm/consent.h"
#include "crm/customers.h"
#include "crm/duplicates.h"
#include "crm/followups.h"
#include "crm/identity.h"
#include "crm/leads.h"
#include "crm/ownership.h"
#include "crm/report.h"
#include "crm/workflow.h"
#include "records/session_state.h"
#include "unit/desk.h"

using namespace crm;
using crm::test::CollectedRows;
using crm::test::Desk;
using crm::test::error_code;

namespace {

constexpr int kNotFound = 3, kNotPermitted = 5;

constexpr const char* kRoles = R"(workflow: a
fields:
  lead:
    id_card: {type: text, sensitive: true, mask: cn-id-card}
roles:
  rep:      {see: own, edit: own}
  manager:  {see: team, edit: team, reveal: [phone], as: team}
  director: {see: all, edit: all, reveal: [phone]}
  viewer:   {see: all, edit: none}
  admin:    {see: all, edit: all, reveal: all}
)";

// chen manages li and wang of the team east; zhao is in the west; each has a lead and a customer, and one of
// each is in the pool.
struct Office : Desk {
  Office() {
    add(Kind::user, {{"name", "chen"}, {"role", "manager"}});
    for (const char* name : {"li", "wang"})
      add(Kind::user, {{"name", name}, {"team", "east"}, {"manager", "chen"}, {"role", "rep"}});
    add(Kind::user, {{"name", "zhao"}, {"team", "west"}, {"role", "rep"}});
    add(Kind::user, {{"name", "dong"}, {"role", "director"}});
    add(Kind::user, {{"name", "view"}, {"role", "viewer"}});
    add(Kind::user, {{"name", "bare"}});
    apply_workflow(session(), kRoles, "a.yaml");
    for (const char* owner : {"li", "wang", "zhao", ""}) {
      const RecordId one =
          lead(std::string("lead of ") + owner,
               {{"owner", owner}, {"phone", "13800138000"}, {"id_card", "110101199003070011"}});
      add(Kind::customer, {{"name", std::string("customer of ") + owner}, {"owner", owner}});
      if (*owner != 0)
        add(Kind::followup,
            {{"about", to_string(one)}, {"type", "call"}, {"at", "2026-03-01T09:00"}, {"owner", owner}});
    }
  }
  void as(const std::string& login) { at("2026-03-02T11:00", login); }
  std::size_t count(Kind kind) { return list(kind).size(); }
};

}  // namespace

TEST_CASE("lists show one's own, the team's or all, and the pool") {
  Office office;
  const auto counts = [&](const char* login) {
    office.as(login);
    return std::to_string(office.count(Kind::lead)) + std::to_string(office.count(Kind::customer)) +
           std::to_string(office.count(Kind::followup)) + std::to_string(office.count(Kind::stage_change));
  };
  CHECK(counts("li") == "2212");
  CHECK(counts("chen") == "3323");
  CHECK(counts("dong") == "4434");
  CHECK(counts("view") == "4434");
  CHECK(counts("admin") == "4434");
}

TEST_CASE("what one may not see is not there: show, names, history, counts, reports") {
  Office office;
  office.as("li");
  Session& session = office.session();
  const RecordId zhaos{Kind::lead, 3};
  CHECK(error_code([&] { resolve(session, Kind::lead, "3"); }) == kNotFound);
  CHECK(error_code([&] { resolve(session, Kind::lead, "lead of zhao"); }) == kNotFound);
  CHECK(error_code([&] {
          CollectedRows rows;
          history(session, zhaos, rows);
        }) == kNotFound);
  CHECK(error_code([&] { advance_lead(session, zhaos); }) == kNotFound);
  CHECK(error_code([&] {
          CollectedRows rows;
          view_customer(session, {Kind::customer, 3}, {}, rows);
        }) == kNotFound);
  CollectedRows shown;
  show(session, {&zhaos, 1}, {}, shown);
  CHECK(shown.rows.empty());
  CollectedRows facts;
  status(session, facts);
  for (const auto& row : facts.rows) {
    if (row.at("name") == "lead") CHECK(row.at("value") == "2");
    CHECK(row.at("name") != "changes");
    CHECK(row.at("name") != "messages_waiting");
  }
  CHECK(error_code([&] { verify(session); }) == kNotPermitted);
  FunnelQuery funnel_query;
  funnel_query.kind = Kind::lead;
  CHECK(funnel(session, funnel_query).records == 2);
  CHECK(activity(session, {}).total.followups == 1);
  CHECK(complete_names(session, Kind::lead, "", 100).size() == 2);
  CollectedRows changes;
  log(session, {}, changes);
  CHECK(changes.rows.empty());
}

TEST_CASE("writes stay within the role") {
  Office office;
  const auto edit_as = [&](const char* login, RecordId record) {
    office.as(login);
    const FieldText note[] = {{"note", std::string("by ") + login}};
    return error_code([&] { edit(office.session(), record, note); });
  };
  CHECK(edit_as("li", {Kind::lead, 1}) == 0);
  CHECK(edit_as("li", {Kind::lead, 2}) == kNotFound);
  CHECK(edit_as("li", {Kind::lead, 4}) == kNotPermitted);  // of the pool: claim it first
  CHECK(edit_as("chen", {Kind::lead, 2}) == 0);
  CHECK(edit_as("chen", {Kind::lead, 3}) == kNotFound);
  CHECK(edit_as("view", {Kind::lead, 1}) == kNotPermitted);
  CHECK(edit_as("dong", {Kind::lead, 3}) == 0);
  office.as("li");
  CHECK(claim(office.session(), {Kind::lead, 4}).written == Written::updated);
  CHECK(error_code([&] { office.lead("x", {{"owner", "zhao"}}); }) == kNotPermitted);
  CHECK(error_code([&] { office.lead("x", {{"owner", "li"}}); }) == 0);
  CHECK(error_code([&] {
          office.add(Kind::followup, {{"about", "lead/1"}, {"type", "call"}, {"at", "09:00"}});
        }) == 0);
  CHECK(error_code([&] { undo(office.session(), 9); }) != 0);
  office.as("view");
  CHECK(error_code([&] { office.lead("x"); }) == kNotPermitted);
  CHECK(error_code([&] { office.add(Kind::customer, {{"name", "x"}}); }) == kNotPermitted);
  CHECK(error_code([&] { office.add(Kind::contact, {{"name", "x"}}); }) == kNotPermitted);
  CHECK(error_code([&] {
          office.add(Kind::followup, {{"about", "lead/1"}, {"type", "call"}, {"at", "09:00"}});
        }) == kNotPermitted);
}

TEST_CASE("only an admin makes users, gives roles and applies workflows") {
  Office office;
  for (const char* login : {"li", "chen", "dong"}) {
    office.as(login);
    Session& session = office.session();
    const RecordId me = resolve(session, Kind::user, login);
    const FieldText promotion[] = {{"role", "admin"}};
    const FieldText leave[] = {{"absent_until", "2026-03-09"}};
    CHECK(error_code([&] { office.user("friend"); }) == kNotPermitted);
    CHECK(error_code([&] { edit(session, me, promotion); }) == kNotPermitted);
    CHECK(error_code([&] { edit(session, me, leave); }) == 0);
    CHECK(error_code([&] { apply_workflow(session, "workflow: free\n", "b.yaml"); }) == kNotPermitted);
    CHECK(error_code([&] { backup(session, "/nonexistent/copy.db"); }) == kNotPermitted);
  }
  office.as("admin");
  CHECK(error_code([&] { office.user("friend"); }) == 0);
  const FieldText demotion[] = {{"role", "rep"}};
  CHECK(error_code([&] { edit(office.session(), {Kind::user, 1}, demotion); }) == 4);  // the last one
  CHECK(error_code([&] { remove(office.session(), {Kind::user, 1}); }) == 4);
}

TEST_CASE("a file that leaves no admin is refused") {
  Desk desk;
  const FieldText demotion[] = {{"role", "rep"}};
  edit(desk.session(), {Kind::user, 1}, demotion);
  CHECK(error_code([&] { apply_workflow(desk.session(), kRoles, "a.yaml"); }) == 4);
  CHECK(error_code([&] {
          apply_workflow(desk.session(), "workflow: a\nroles: {rep: {see: own}}\n", "a.yaml");
        }) == 4);
}

TEST_CASE("a file that locks out the account that applies it is refused") {
  Desk desk;
  desk.add(Kind::user, {{"name", "li"}, {"login", "li.wei"}});
  const auto apply_as = [&](const char* account) {
    set_account(desk.session(), account);
    return error_code([&] { apply_workflow(desk.session(), kRoles, "a.yaml"); });
  };
  CHECK(apply_as("root") == 4);
  CHECK(apply_as("li.wei") == 4);
  CHECK(apply_as("admin") == 0);
}

TEST_CASE("sensitive values are masked, and cannot be asked for by a condition or an order") {
  Office office;
  const RecordId mine{Kind::lead, 1};
  office.as("li");
  CHECK(office.text(mine, "phone") == "138****8000");
  CHECK(office.text(mine, "id_card") == "110101********0011");
  const auto refused = [&](const Selection& selection, const std::vector<std::string>& sort = {}) {
    ListQuery query;
    query.kind = Kind::lead;
    query.selection = selection;
    query.sort = sort;
    return error_code([&] {
      CollectedRows rows;
      list(office.session(), query, rows);
    });
  };
  const auto by_term = [](const char* term) {
    Selection selection;
    selection.terms = {term};
    return selection;
  };
  Selection card, number, word;
  card.where = "id_card like '1%'";
  number.search = "13800138000";
  word.search = "lead";
  CHECK(refused(by_term("phone=13800138000")) == kNotPermitted);
  CHECK(refused(by_term("8000")) == kNotPermitted);
  CHECK(refused(card) == kNotPermitted);
  CHECK(refused({}, {"-phone"}) == kNotPermitted);
  CHECK(refused(number) == kNotPermitted);
  CHECK(refused(word) == 0);
  CHECK(error_code([&] { resolve(office.session(), Kind::lead, "13800138000"); }) == kNotFound);
  const FieldText phone[] = {{"phone", "13900139000"}};
  edit(office.session(), mine, phone);
  CollectedRows changes;
  history(office.session(), mine, changes);
  CHECK(changes.rows.at(0).at("old") == "138****8000");
  CHECK(changes.rows.at(0).at("new") == "139****9000");
  office.as("chen");
  CHECK(office.text(mine, "phone") == "13900139000");
  CHECK(office.text(mine, "id_card") == "110101********0011");
  office.as("admin");
  CHECK(office.text(mine, "id_card") == "110101199003070011");
}

TEST_CASE("strangers and those without a role may only ask who they are") {
  Office office;
  for (const char* login : {"stranger", "bare"}) {
    office.as(login);
    CHECK(error_code([&] { check_identity(office.session(), [] { return std::string(); }); }) ==
          kNotPermitted);
    CHECK(error_code([&] { office.count(Kind::lead); }) == kNotPermitted);
    CHECK(whoami(office.session()).see == "none");
  }
  office.as("chen");
  const Identity chen = whoami(office.session());
  CHECK(chen.role == "manager");
  CHECK(chen.see == "team");
  CHECK(chen.concealed == std::vector<std::string>{"id_card"});
}

TEST_CASE("who may act for whom") {
  Office office;
  const auto acting = [&](const char* account, const char* login) {
    office.at("2026-03-02T11:00", login);
    return error_code([&] { check_identity(office.session(), [&] { return std::string(account); }); });
  };
  CHECK(acting("li", "li") == 0);
  CHECK(acting("li", "wang") == kNotPermitted);
  CHECK(acting("li", "admin") == kNotPermitted);
  CHECK(acting("chen", "li") == 0);
  CHECK(acting("chen", "zhao") == kNotPermitted);
  CHECK(acting("admin", "zhao") == 0);
  CHECK(acting("stranger", "li") == kNotPermitted);
}

TEST_CASE("a login is its owner's before it is the name of another") {
  Office office;
  office.add(Kind::user, {{"name", "deng"}, {"login", "li"}, {"role", "admin"}});
  office.add(Kind::user, {{"name", "gao"}, {"login", "gao1"}, {"role", "admin"}});
  const auto user_of = [&](const char* account) {
    office.at("2026-03-02T11:00", account);
    const int code =
        error_code([&] { check_identity(office.session(), [&] { return std::string(account); }); });
    return code == 0 ? whoami(office.session()).user : std::to_string(code);
  };
  CHECK(user_of("li") == "deng");
  CHECK(user_of("gao1") == "gao");
  CHECK(user_of("gao") == std::to_string(kNotPermitted));
  CHECK(user_of("wang") == "wang");
}

TEST_CASE("without roles everybody may do everything") {
  Desk desk;
  desk.at("2026-03-02T10:00", "stranger");
  CHECK(error_code([&] { check_identity(desk.session(), [] { return std::string("root"); }); }) == 0);
  CHECK(error_code([&] { desk.lead("x"); }) == 0);
  CHECK(whoami(desk.session()).edit == "all");
}

TEST_CASE("a calendar names nothing that its reader may not see") {
  Office office;
  office.add(Kind::followup,
             {{"about", "lead/3"}, {"type", "call"}, {"due_at", "2026-03-05"}, {"owner", "li"}});
  PlanQuery agenda;
  agenda.list = PlanList::agenda;
  office.as("li");
  const std::string calendar = plan_calendar(office.session(), agenda);
  CHECK(calendar.find("lead/3") != std::string::npos);
  CHECK(calendar.find("lead of zhao") == std::string::npos);
  office.as("dong");
  CHECK(plan_calendar(office.session(), agenda).find("lead of zhao") != std::string::npos);
}

TEST_CASE("the name of what one may not see is neither shown nor asked for") {
  Office office;
  const RecordId plan = office.add(
      Kind::followup, {{"about", "lead/3"}, {"type", "call"}, {"due_at", "2026-03-05"}, {"owner", "li"}});
  const auto asked = [&](const std::vector<std::string>& terms, const std::vector<std::string>& sort) {
    ListQuery query;
    query.kind = Kind::followup;
    query.selection.terms = terms;
    query.sort = sort;
    return error_code([&] {
      CollectedRows rows;
      list(office.session(), query, rows);
    });
  };
  office.as("li");
  CHECK(office.text(plan, "about_name").empty());
  CHECK(asked({"about_name~zhao"}, {}) == kNotPermitted);
  CHECK(asked({}, {"about_name"}) == kNotPermitted);
  CHECK(asked({"type=call"}, {"due_at"}) == 0);
  office.as("dong");
  CHECK(office.text(plan, "about_name") == "lead of zhao");
  CHECK(asked({"about_name~zhao"}, {"about_name"}) == 0);
}

TEST_CASE("what is shown masked is not overwritten by its mask") {
  Office office;
  const RecordId own{Kind::lead, 1};
  office.as("li");
  const FieldText back[] = {
      {"phone", "138****8000"}, {"id_card", office.text(own, "id_card")}, {"note", "n"}};
  edit(office.session(), own, back);
  office.as("admin");
  CHECK(office.text(own, "phone") == "13800138000");
  CHECK(office.text(own, "id_card") == "110101199003070011");
  CHECK(office.text(own, "note") == "n");
}

TEST_CASE("a record that the table gives to somebody else is added all the same") {
  Office office;
  apply_workflow(office.session(), std::string(kRoles) + "assign: {lead: [{to: zhao}]}\n", "a.yaml");
  office.as("li");
  const WriteResult added = add(office.session(), Kind::lead, std::vector<FieldText>{{"name", "new"}});
  CHECK(duplicates_of(office.session(), added.record, 0.9).empty());
  office.as("admin");
  CHECK(office.text(added.record, "owner") == "zhao");
}

TEST_CASE("consent by an address is neither shown nor lifted for what one does not see") {
  Office office;
  const RecordId theirs{Kind::lead, 3};
  const FieldText email[] = {{"email", "z@example.com"}};
  edit(office.session(), theirs, email);
  const ConsentStatement block{theirs, {}, "contact", false, {}, "angry"};
  state_consent(office.session(), {&block, 1});
  office.as("li");
  const ConsentStatement lift{std::nullopt, "z@example.com", "contact", true, {}, "x"};
  CHECK(error_code([&] { state_consent(office.session(), {&lift, 1}); }) == kNotPermitted);
  CollectedRows rows;
  show_consent(office.session(), std::nullopt, "z@example.com", rows);
  CHECK(rows.rows.empty());
  office.as("zhao");
  show_consent(office.session(), std::nullopt, "z@example.com", rows);
  CHECK(rows.rows.size() == 1);
  CHECK_NOTHROW(state_consent(office.session(), {&lift, 1}));
}
