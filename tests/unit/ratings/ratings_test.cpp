#include "crm/ratings.h"

#include <doctest/doctest.h>

#include <string>

#include "crm/followups.h"
#include "crm/workflow.h"
#include "unit/desk.h"

using namespace crm;
using crm::test::Desk;

namespace {

void put_in_force(Desk& desk, const std::string& body) {
  apply_workflow(desk.session(), "workflow: a\n" + body, "a.yaml");
}

constexpr const char* kTables = R"(score:
  lead:
    - {when: "title like '%director%'", points: 20}
    - {when: "email like '%@gmail.com'", points: -5}
    - {when: "followup_count >= 1", points: 7}
    - {points: 1}
level:
  customer:
    - {when: "industry = 'bank'", level: A, reason: banks are key}
    - {when: "last_followup_at > now - 30d", level: B}
    - {level: C, reason: everybody else}
)";

template <typename Action>
std::string refusal(Action action) {
  try {
    action();
  } catch (const Error& error) {
    return error.message() + "; " + error.hint();
  }
  return "";
}

}  // namespace

TEST_CASE("scores and levels are worked out at every write, and when a follow-up is logged") {
  Desk desk;
  put_in_force(desk, kTables);
  const RecordId lead = desk.lead("x", {{"title", "Sales Director"}, {"email", "x@gmail.com"}});
  CHECK(desk.text(lead, "score") == "16");
  const FieldText title[] = {{"title", "clerk"}};
  edit(desk.session(), lead, title);
  CHECK(desk.text(lead, "score") == "-4");
  desk.add(Kind::followup, {{"about", to_string(lead)}, {"type", "call"}, {"at", "2026-03-02T09:00"}});
  CHECK(desk.text(lead, "score") == "3");
  const RecordId customer = desk.add(Kind::customer, {{"name", "Acme"}});
  CHECK(desk.text(customer, "level") == "C");
  CHECK(desk.text(customer, "level_reason") == "everybody else");
  desk.add(Kind::followup, {{"about", to_string(customer)}, {"type", "call"}, {"at", "2026-03-02T09:00"}});
  CHECK(desk.text(customer, "level") == "B");
  CHECK(desk.text(customer, "level_reason") == "last_followup_at > now - 30d");
  desk.at("2026-04-20T09:00");
  CHECK(refresh_ratings(desk.session(), Kind::customer) == std::vector{customer});
  CHECK(desk.text(customer, "level") == "C");
  CHECK(refresh_ratings(desk.session(), Kind::customer).empty());
}

TEST_CASE("what is set by hand has an end, and then the table counts again") {
  Desk desk;
  put_in_force(desk, kTables);
  const RecordId customer = desk.add(Kind::customer, {{"name", "Acme"}});
  const auto set = [&](const std::vector<FieldText>& fields) {
    return refusal([&] { edit(desk.session(), customer, fields); });
  };
  CHECK(set({{"level", "A"}}) ==
        "the workflow works out the level of a customer; to set it by hand for a time, give --level-until "
        "DATE too");
  CHECK(
      set({{"level", "A"}, {"level_until", "2026-03-31"}, {"level_reason", "the boss knows them"}}).empty());
  CHECK(set({{"phone", "13800138000"}}).empty());
  CHECK(desk.text(customer, "level") == "A");
  CHECK(desk.text(customer, "level_reason") == "the boss knows them");
  CHECK(explain_rating(desk.session(), customer).level_by_hand_until == "2026-03-31");
  desk.at("2026-03-31T23:00");
  CHECK(refresh_ratings(desk.session(), Kind::customer).empty());
  desk.at("2026-04-01T00:00");
  CHECK(refresh_ratings(desk.session(), Kind::customer) == std::vector{customer});
  CHECK(desk.text(customer, "level") == "C");
  CHECK(desk.text(customer, "level_until").empty());
}

TEST_CASE("a rating is explained term by term") {
  Desk desk;
  put_in_force(desk, kTables);
  const RecordId lead = desk.lead("x", {{"title", "director"}});
  const RatingExplanation explanation = explain_rating(desk.session(), lead);
  REQUIRE(explanation.score_terms.size() == 4);
  CHECK(explanation.score == 21);
  CHECK(explanation.score_terms[0].matched);
  CHECK(explanation.score_terms[0].line == 4);
  CHECK(explanation.score_terms[1].why_not == "email like '%@gmail.com' fails: email is not given");
  CHECK(explanation.score_terms[2].why_not == "followup_count >= 1 fails: followup_count is 0");
}

TEST_CASE(
    "a level goes by the score that the same write gives, and a score by a level once the tables rest") {
  Desk desk;
  put_in_force(desk, R"(fields:
  lead:
    level: {type: text}
score:
  lead:
    - {when: "title like '%director%'", points: 20}
    - {when: "level = 'A'", points: 100}
    - {when: "age > 10d", points: -15}
level:
  lead:
    - {when: "score >= 20", level: A}
    - {level: B}
)");
  const RecordId lead = desk.lead("x", {{"title", "clerk"}});
  CHECK(desk.text(lead, "level") == "B");
  const FieldText title[] = {{"title", "director"}};
  edit(desk.session(), lead, title);
  CHECK(desk.text(lead, "score") == "20");
  CHECK(desk.text(lead, "level") == "A");
  const RecordId other = desk.lead("y", {{"title", "director"}});
  CHECK(desk.text(other, "level") == "A");
  CHECK(refresh_ratings(desk.session(), Kind::lead) == std::vector{lead, other});
  CHECK(desk.text(lead, "score") == "120");
  CHECK(refresh_ratings(desk.session(), Kind::lead).empty());
  desk.at("2026-05-01T09:00");
  CHECK(refresh_ratings(desk.session(), Kind::lead) == std::vector{lead, other});
  CHECK(desk.text(lead, "score") == "105");
}

TEST_CASE("tables that contradict each other do not stop the daily look") {
  Desk desk;
  put_in_force(desk, R"(fields:
  lead:
    level: {type: text}
score:
  lead:
    - {when: "level = 'low'", points: 20}
    - {points: 0}
level:
  lead:
    - {when: "score >= 20", level: high}
    - {level: low}
)");
  const RecordId lead = desk.lead("x");
  CHECK(refresh_ratings(desk.session(), Kind::lead).empty());
  const FieldText note[] = {{"note", "n"}};
  edit(desk.session(), lead, note);
  CHECK(refresh_ratings(desk.session(), Kind::lead).empty());
}
