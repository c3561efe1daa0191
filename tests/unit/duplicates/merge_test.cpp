#include "crm/merge.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "crm/exchange.h"
#include "crm/leads.h"
#include "crm/records.h"
#include "crm/search.h"
#include "unit/desk.h"
#include "unit/engine/engine_desk.h"

namespace {

using crm::FieldText;
using crm::Kind;
using crm::RecordId;
using crm::test::CollectedRows;
using crm::test::Desk;
using crm::test::error_code;

RecordId customer(std::int64_t id) {
  return {Kind::customer, id};
}

crm::MergeResult merge(Desk& desk, std::int64_t winner, std::int64_t loser) {
  const RecordId from = customer(loser);
  return crm::merge(desk.session(), customer(winner), {&from, 1});
}

// All that customers and what hangs on them hold, deleted ones too.
std::string everything(Desk& desk) {
  std::string all;
  for (const Kind kind : {Kind::customer, Kind::contact, Kind::followup}) {
    for (const bool deleted : {false, true}) {
      crm::ListQuery query;
      query.kind = kind;
      query.selection.deleted = deleted;
      query.fields = crm::export_fields(desk.session(), kind);
      query.fields.emplace_back("version");
      CollectedRows rows;
      crm::list(desk.session(), query, rows);
      for (const auto& row : rows.rows) {
        for (const auto& [name, text] : row) {
          if (!deleted || name == "id") all += name + '=' + text + ' ';
        }
        all += deleted ? "deleted\n" : "\n";
      }
    }
  }
  return all;
}

void fill(Desk& desk, int customers) {
  for (int i = 1; i <= customers; ++i) {
    const std::string n = std::to_string(i);
    const RecordId made =
        desk.add(Kind::customer,
                 {{"name", "c" + n},
                  {i % 2 == 0 ? "phone" : "email", i % 2 == 0 ? "1380013800" + n : "c" + n + "@example.com"},
                  {"tags", "t" + n + ";all"},
                  {"note", i % 3 == 0   ? ""
                           : i % 3 == 1 ? "same"
                                        : "note " + n},
                  {"ref", "erp/" + n}});
    desk.add(Kind::contact, {{"name", "k" + n}, {"customer", "customer/" + n}});
    desk.add(Kind::followup, {{"about", to_string(made)}, {"note", "f" + n}, {"at", "2026-03-01"}});
  }
}

}  // namespace

TEST_CASE("a merge moves what hangs on the loser, and its number leads to the winner") {
  Desk desk;
  fill(desk, 2);
  const std::string before = everything(desk);
  desk.at("2026-04-01");
  const crm::MergeResult result = merge(desk, 1, 2);
  CHECK(result.filled == std::vector<std::string>{"phone", "note"});
  CHECK(desk.text(customer(1), "phone") == "13800138002");
  CHECK(desk.text(customer(1), "tags") == "all t1 t2");
  CHECK(desk.text({Kind::contact, 2}, "customer") == "customer/1");
  CHECK(crm::resolve(desk.session(), Kind::customer, "2") == customer(1));
  CHECK(crm::resolve(desk.session(), Kind::customer, "ref:erp/2") == customer(1));
  for (const crm::MergedChildren& children : result.children)
    CHECK(children.winner_after == children.winner_before + children.others_before);
  CHECK(error_code([&] { merge(desk, 1, 1); }) == 2);
  CHECK(error_code([&] { merge(desk, 1, 2); }) == 3);
  CHECK(error_code([&] { crm::restore(desk.session(), customer(2)); }) == 6);
  CHECK(crm::verify(desk.session()).problems.empty());
  desk.at("2026-05-01");
  CHECK(crm::unmerge(desk.session(), customer(2)).kept.empty());
  CHECK(everything(desk) == before);
  CHECK(error_code([&] { crm::unmerge(desk.session(), customer(2)); }) == 3);
  CHECK(crm::verify(desk.session()).problems.empty());
}

TEST_CASE("a value that both have is kept once and told, and the other one is in the note") {
  Desk desk;
  desk.add(Kind::customer,
           {{"name", "Acme"}, {"phone", "13800138000"}, {"email", "a@EXAMPLE.com"}, {"note", "first"}});
  desk.add(Kind::customer, {{"name", "Acme Ltd"}, {"phone", "13900139000"}, {"note", "second\nline"}});
  desk.add(Kind::customer, {{"name", "Ac\u3000me"}, {"note", "third"}});
  desk.add(Kind::customer, {{"name", "Acme"}, {"note", "first"}, {"email", "a@example.com"}});
  const std::string before = everything(desk);
  const crm::MergeResult result = merge(desk, 1, 2);
  REQUIRE(result.differences.size() == 2);
  CHECK(result.differences[1].field == "phone");
  CHECK(result.differences[1].kept == desk.text(customer(1), "phone"));
  CHECK(result.differences[1].left.find("13900139000") != std::string::npos);
  CHECK(result.differences[1].in_note);
  CHECK(result.filled == std::vector<std::string>{"note"});
  CHECK(desk.text(customer(1), "note") ==
        "first\ncustomer/2: name Acme Ltd; phone " + result.differences[1].left + "\nsecond\nline");
  CHECK(crm::search(desk.session(), "13900139000", 10).hits.front().record == customer(1));
  CHECK(merge(desk, 1, 3).differences.empty());
  // Its e-mail address is the same in another spelling.
  const crm::MergeResult fourth = merge(desk, 1, 4);
  CHECK(fourth.filled == std::vector<std::string>{"note"});
  CHECK(fourth.differences.empty());
  CHECK(desk.text(customer(1), "note").ends_with("\nline\ncustomer/3: third\ncustomer/4: first"));
  for (const std::int64_t loser : {3, 2, 4})
    CHECK(crm::unmerge(desk.session(), customer(loser)).kept.empty());
  CHECK(everything(desk) == before);
  merge(desk, 1, 2);
  crm::edit(desk.session(), customer(1), std::vector<FieldText>{{"note", "mine"}});
  CHECK(crm::unmerge(desk.session(), customer(2)).kept ==
        std::vector<std::string>{"customer/1: note was changed since"});
  CHECK(desk.text(customer(1), "note") == "mine");
}

TEST_CASE("what was changed since a merge stays, and is named") {
  Desk desk;
  fill(desk, 3);
  merge(desk, 1, 2);
  crm::edit(desk.session(), customer(1), std::vector<FieldText>{{"phone", "13911112222"}});
  crm::edit(desk.session(), {Kind::contact, 2}, std::vector<FieldText>{{"customer", "customer/3"}});
  const crm::UnmergeResult result = crm::unmerge(desk.session(), customer(2));
  CHECK(result.kept == std::vector<std::string>{"customer/1: phone was changed since",
                                                "contact/2: customer was changed since"});
  CHECK(desk.text(customer(1), "phone") == "13911112222");
  CHECK(desk.text({Kind::contact, 2}, "customer") == "customer/3");
  CHECK(desk.text({Kind::followup, 2}, "about") == "customer/2");
}

TEST_CASE("what a later merge made of a value is no later change") {
  Desk desk;
  for (const char* name : {"a", "b", "c", "d"}) desk.add(Kind::customer, {{"name", name}});
  crm::edit(desk.session(), customer(3), std::vector<FieldText>{{"parent", "customer/1"}});
  const std::string before = everything(desk);
  merge(desk, 2, 3);
  merge(desk, 4, 1);
  CHECK(desk.text(customer(2), "parent") == "customer/4");
  CHECK(crm::unmerge(desk.session(), customer(3)).kept.empty());
  CHECK(desk.text(customer(2), "parent").empty());
  CHECK(crm::unmerge(desk.session(), customer(1)).kept.empty());
  CHECK(everything(desk) == before);
}

// The records refer to one another too, and merges are made in one second as well as days apart.
TEST_CASE("what a later merge took on to a third record stays there, and is named") {
  Desk desk;
  desk.add(Kind::customer, {{"name", "甲"}});
  desk.add(Kind::customer, {{"name", "乙"}, {"region", "东区"}});
  desk.add(Kind::customer, {{"name", "丙"}, {"email", "c@c.cn"}, {"tags", "vip"}});
  merge(desk, 2, 3);
  merge(desk, 1, 2);
  const std::vector<std::string> left = crm::unmerge(desk.session(), customer(3)).passed_on;
  for (const char* field : {"email", "note", "tags"}) {
    const std::string told = "customer/1: " + std::string(field) + " came from it by way of customer/2";
    CHECK(std::count(left.begin(), left.end(), told) == 1);
  }
  CHECK(left.size() == 3);
  CHECK(crm::unmerge(desk.session(), customer(2)).passed_on.empty());
  CHECK(desk.text(customer(1), "email").empty());
}

TEST_CASE("merges and unmerges in any order end where they began") {
  std::mt19937 draw(7);
  for (int round = 0; round < 40; ++round) {
    CAPTURE(round);
    Desk desk;
    constexpr int kCustomers = 8;
    fill(desk, kCustomers);
    for (int i = 2; i <= kCustomers; ++i) {
      if (draw() % 3 == 0) continue;
      const std::string parent = "customer/" + std::to_string(1 + draw() % static_cast<unsigned>(i - 1));
      crm::edit(desk.session(), customer(i), std::vector<FieldText>{{"parent", parent}});
    }
    const std::string before = everything(desk);
    std::vector<std::int64_t> merged;
    int day = 10;
    const auto unmerge_any = [&] {
      const auto place = merged.begin() + static_cast<std::ptrdiff_t>(draw() % merged.size());
      CHECK(crm::unmerge(desk.session(), customer(*place)).kept.empty());
      merged.erase(place);
    };
    for (int step = 0; step < 25; ++step) {
      if (round % 2 == 0 && draw() % 3 == 0) desk.at("2026-04-" + std::to_string(day++ % 20 + 10));
      const std::int64_t a = 1 + static_cast<std::int64_t>(draw() % kCustomers),
                         b = 1 + static_cast<std::int64_t>(draw() % kCustomers);
      const auto is_merged = [&](std::int64_t id) {
        return std::find(merged.begin(), merged.end(), id) != merged.end();
      };
      if (draw() % 3 == 0 && !merged.empty()) {
        unmerge_any();
      } else if (a != b && !is_merged(a) && !is_merged(b)) {
        merge(desk, a, b);
        merged.push_back(b);
      }
      CHECK(desk.list(Kind::contact).size() == kCustomers);
      CHECK(desk.list(Kind::followup).size() == kCustomers);
    }
    while (!merged.empty()) unmerge_any();
    CHECK(everything(desk) == before);
    CHECK(crm::verify(desk.session()).problems.empty());
  }
}

TEST_CASE("a merge keeps to what the workflow asks of every write") {
  crm::test::EngineDesk desk;
  desk.user("li");
  desk.apply(R"yaml(
validate: {lead: [{check: "not (region = 'East' and source = 'bad')", message: not in the East}]}
rules:
  - {name: edited, on: lead.updated, do: [{tag: edited}]}
  - {name: given, on: lead.assigned, do: [{tag: given}]}
  - {name: gone, on: lead.deleted, do: [{notify: {to: li, template: t}}]}
templates: {t: {subject: gone, body: gone}}
approvals:
  - {name: upd, on: lead.updated, when: "changed(region)", by: li}
  - {name: del, on: lead.deleted, when: "source = 'key'", by: li}
)yaml");
  const auto merge_leads = [&](RecordId winner, RecordId loser) {
    return error_code([&] { crm::merge(desk.session(), winner, {&loser, 1}); });
  };
  const RecordId plain = desk.lead("A"), east = desk.lead("B", {{"region", "East"}}),
                 bad = desk.lead("C", {{"source", "bad"}}), key = desk.lead("D", {{"source", "key"}}),
                 owned = desk.lead("E", {{"owner", "li"}, {"phone", "13800138000"}});
  CHECK(merge_leads(plain, east) == 8);
  CHECK(merge_leads(plain, key) == 8);
  CHECK(merge_leads(east, bad) == 4);
  CHECK(merge_leads(plain, owned) == 0);
  CHECK(desk.text(plain, "tags") == "edited given");
  CHECK(desk.runs("gone").at(0).at("outcome") == "acted");
  CHECK(crm::verify(desk.session()).problems.empty());
  CHECK(crm::unmerge(desk.session(), owned).kept.empty());
  CHECK(desk.text(plain, "phone").empty());
  CHECK(desk.text(plain, "owner").empty());
  CHECK(desk.text(owned, "owner") == "li");
}

TEST_CASE("a merge leaves alone what the workflow works out, and stays within the role") {
  crm::test::EngineDesk desk(R"yaml(
level: {customer: [{when: "phone is not null", level: A}]}
roles: {rep: {see: all, edit: own}, admin: {see: all, edit: all}}
)yaml");
  desk.add(Kind::user, {{"name", "li"}, {"role", "rep"}});
  const RecordId bare = desk.add(Kind::customer, {{"name", "a"}});
  const RecordId other = desk.add(
      Kind::customer, {{"name", "b"}, {"level", "B"}, {"level_until", "2027-01-01"}, {"owner", "li"}});
  desk.at("2026-03-02T10:00", "li");
  CHECK(error_code([&] { crm::merge(desk.session(), other, {&bare, 1}); }) == 5);
  desk.at("2026-03-02T10:00");
  CHECK(error_code([&] { crm::merge(desk.session(), bare, {&other, 1}); }) == 0);
  CHECK(desk.text(bare, "level").empty());
  CHECK(desk.text(bare, "level_until").empty());
}

TEST_CASE("a lead that is merged keeps whom the other became, and is told of its stage") {
  crm::test::Desk desk;
  const RecordId won = desk.add(Kind::lead, {{"name", "A"}, {"company", "C"}});
  crm::convert_lead(desk.session(), won, {});
  const RecordId open = desk.add(Kind::lead, {{"name", "A"}, {"company", "C"}});
  const crm::MergeResult result = crm::merge(desk.session(), open, {&won, 1});
  CHECK(desk.text(open, "customer") == "customer/1");
  CHECK(desk.text(open, "stage") == "new");
  CHECK(desk.text(open, "note").find("stage won") != std::string::npos);
  const auto of_stage = [](const auto& one) { return one.field == "stage"; };
  CHECK(std::count_if(result.differences.begin(), result.differences.end(), of_stage) == 1);
  crm::unmerge(desk.session(), won);
  CHECK(desk.text(open, "customer").empty());
  CHECK(desk.text(won, "customer") == "customer/1");
}

TEST_CASE("the number of a merged record deletes no other one") {
  crm::test::Desk desk;
  const RecordId winner = desk.lead("A"), loser = desk.lead("B");
  crm::merge(desk.session(), winner, {&loser, 1});
  CHECK(crm::resolve(desk.session(), Kind::lead, "2") == winner);
  for (const char* name : {"2", "lead/2"})
    CHECK(error_code([&] { crm::resolve_itself(desk.session(), Kind::lead, name); }) == 6);
  CHECK(crm::resolve_itself(desk.session(), Kind::lead, "1") == winner);
  CHECK(crm::resolve_itself(desk.session(), Kind::lead, "A") == winner);
}
