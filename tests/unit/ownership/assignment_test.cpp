#include <doctest/doctest.h>

#include <map>
#include <string>
#include <thread>
#include <vector>

#include "crm/ownership.h"
#include "crm/workflow.h"
#include "unit/desk.h"

using namespace crm;
using crm::test::CollectedRows;
using crm::test::Desk;
using crm::test::error_code;

namespace {

void put_in_force(Desk& desk, const std::string& body) {
  apply_workflow(desk.session(), "workflow: a\n" + body, "a.yaml");
}

std::string lines(const AssignmentExplanation& explanation) {
  std::string text;
  for (const std::string& line : describe(explanation)) text += line + '\n';
  return text;
}

// The owners of so many new leads, first letters in order.
std::string owners_of(Desk& desk, int count, const std::vector<FieldText>& fields = {}) {
  std::string owners;
  for (int i = 0; i < count; ++i) {
    const std::string owner = desk.text(desk.lead("x", fields), "owner");
    owners += owner.empty() ? '-' : owner.front();
  }
  return owners;
}

}  // namespace

TEST_CASE("a new record without owner goes to the first row that matches") {
  Desk desk;
  for (const char* name : {"li", "wang", "zhao"}) desk.user(name, "inbound");
  put_in_force(desk, R"(assign:
  lead:
    - {when: "region = 'East' and amount >= 100000", to: li}
    - {when: "source = 'web'", to: [wang, zhao], by: first}
    - {to: pool}
)");
  CHECK(desk.text(desk.lead("a", {{"region", "East"}, {"amount", "120000"}}), "owner") == "li");
  const RecordId web = desk.lead("b", {{"region", "East"}, {"source", "web"}});
  CHECK(desk.text(web, "owner") == "wang");
  CHECK(desk.text(web, "assigned_at") == "2026-03-02T10:00:00+08:00");
  CHECK(desk.text(desk.lead("c"), "owner").empty());
  CHECK(desk.text(desk.lead("d", {{"owner", "zhao"}, {"source", "web"}}), "owner") == "zhao");
  CHECK(lines(explain_assignment(desk.session(), web)) ==
        "line 4, when region = 'East' and amount >= 100000: no, amount >= 100000 fails: amount is not given\n"
        "line 5, when source = 'web': yes\n"
        "  wang: chosen, with 1 open\n"
        "  zhao: could, with 1 open\n");
  CollectedRows log;
  list_ownership(desk.session(), web, log);
  REQUIRE(log.rows.size() == 1);
  CHECK(log.rows[0].at("user") == "wang");
  CHECK(log.rows[0].at("how") == "table");
  CHECK(log.rows[0].at("line") == "5");
}

TEST_CASE("people take turns, the rotation outlives the session, and who is away is passed over") {
  Desk desk;
  for (const char* name : {"a", "b", "c"}) desk.user(name, "east");
  put_in_force(desk, "assign: {lead: [{to: team/east, by: round-robin}]}\n");
  CHECK(owners_of(desk, 2) == "ab");
  desk.at("2026-03-02T11:00");
  CHECK(owners_of(desk, 3) == "cab");
  edit(desk.session(), resolve(desk.session(), Kind::user, "c"),
       std::vector<FieldText>{{"absent_until", "2026-03-04"}});
  CHECK(owners_of(desk, 3) == "aba");
  edit(desk.session(), resolve(desk.session(), Kind::user, "b"), std::vector<FieldText>{{"active", "no"}});
  CHECK(owners_of(desk, 2) == "aa");
  desk.at("2026-03-04T09:00");
  CHECK(owners_of(desk, 2) == "ca");
}

TEST_CASE("shares follow the weights, evenly spread") {
  Desk desk;
  for (const char* name : {"a", "b", "c"}) desk.user(name);
  put_in_force(desk, "assign: {lead: [{to: [a, b, c], by: weighted, weights: {a: 3, b: 2, c: 1}}]}\n");
  const std::string owners = owners_of(desk, 60);
  CHECK(std::count(owners.begin(), owners.end(), 'a') == 30);
  CHECK(std::count(owners.begin(), owners.end(), 'b') == 20);
  CHECK(std::count(owners.begin(), owners.end(), 'c') == 10);
  CHECK(owners.substr(0, 12) == "abacbaabacba");
}

TEST_CASE(
    "a cap and a daily quota hold back, whatever the hour, and the next row takes over where it says so") {
  Desk desk;
  for (const char* name : {"a", "b", "z"}) desk.user(name);
  put_in_force(desk, R"(assign:
  lead:
    - {when: "source = 'web'", to: [a, b], by: least-open, cap: 3, else: next}
    - {when: "source = 'fair'", to: a, per-day: 2}
    - {when: "source = 'web'", to: z}
)");
  CHECK(owners_of(desk, 8, {{"source", "web"}}) == "abababzz");
  desk.at("2026-03-02T23:30");
  CHECK(owners_of(desk, 1, {{"source", "fair"}}) == "-");  // three of the table today
  desk.at("2026-03-03T00:10");
  CHECK(owners_of(desk, 3, {{"source", "fair"}}) == "aa-");
  const RecordId held = desk.lead("x", {{"source", "fair"}});
  CHECK(lines(explain_assignment(desk.session(), held)) ==
        "line 4, when source = 'web': no, source = 'web' fails: source is 'fair'\n"
        "line 5, when source = 'fair': yes\n"
        "  a: not, got 2 leads today of at most 2\n"
        "it stays in the pool\n");
}

TEST_CASE("people are matched by region") {
  Desk desk;
  put_in_force(desk, "fields: {user: {region: {type: text}}}\n");
  desk.add(Kind::user, {{"name", "east"}, {"team", "sales"}, {"region", "East"}});
  desk.add(Kind::user, {{"name", "west"}, {"team", "sales"}, {"region", "West"}});
  put_in_force(desk,
               "fields: {user: {region: {type: text}}}\nassign: {lead: [{to: team/sales, same: region}]}\n");
  CHECK(owners_of(desk, 2, {{"region", "West"}}) == "ww");
  CHECK(owners_of(desk, 1, {{"region", "East"}}) == "e");
  CHECK(owners_of(desk, 1, {{"region", "North"}}) == "-");
  CHECK(owners_of(desk, 1) == "-");
}

TEST_CASE("any kind with an owner has a table, and --auto leaves what somebody has") {
  Desk desk;
  desk.user("li");
  const RecordId customer = desk.add(Kind::customer, {{"name", "Acme"}});
  put_in_force(desk, "assign: {customer: [{to: li}]}\n");
  CHECK(assign_automatically(desk.session(), {&customer, 1}).front().written == Written::updated);
  CHECK(desk.text(customer, "owner") == "li");
  assign(desk.session(), customer, "admin");
  CHECK(assign_automatically(desk.session(), {&customer, 1}).front().written == Written::unchanged);
  CHECK(desk.text(customer, "owner") == "admin");
  const RecordId team{Kind::team, 1};
  CHECK(error_code([&] { release(desk.session(), team); }) == 3);
}

TEST_CASE("without a table too, --auto leaves what somebody has") {
  Desk desk;
  desk.add(Kind::user, {{"name", "li"}, {"team", "sales"}});
  desk.add(Kind::user, {{"name", "wang"}, {"team", "sales"}});
  const RecordId lead = desk.lead("A");
  CHECK(assign_automatically(desk.session(), {&lead, 1}).front().written == Written::updated);
  const std::string owner = desk.text(lead, "owner");
  CHECK(assign_automatically(desk.session(), {&lead, 1}).front().written == Written::unchanged);
  CHECK(desk.text(lead, "owner") == owner);
}

TEST_CASE("a thousand leads are spread fairly, however they are chosen") {
  for (const std::string by : {"round-robin", "least-open"}) {
    Desk desk;
    for (const char* name : {"a", "b", "c", "d", "e", "f", "g"}) desk.user(name, "all");
    std::vector<RecordId> leads;
    Write write(desk.session());
    for (int i = 0; i < 1000; ++i) leads.push_back(desk.lead("x"));
    write.commit();
    put_in_force(desk, "assign: {lead: [{to: team/all, by: " + by + "}]}\n");
    assign_automatically(desk.session(), leads);
    std::map<std::string, int> counts;
    for (const auto& row : desk.list(Kind::lead)) ++counts[row.at("owner")];
    CHECK(counts.size() == 7);
    for (const auto& [owner, count] : counts) {
      CHECK(count >= 142);
      CHECK(count <= 143);
    }
  }
}

TEST_CASE("apply refuses people who are not there") {
  Desk desk;
  desk.user("wang", "inbound");
  CHECK(error_code([&] { put_in_force(desk, "assign: {lead: [{to: wagn}]}\n"); }) == 4);
  CHECK(error_code([&] { put_in_force(desk, "assign: {lead: [{to: team/outbound}]}\n"); }) == 4);
  put_in_force(desk, "assign: {lead: [{to: [wang, team/inbound]}]}\n");
}
