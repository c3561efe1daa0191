#include "filter/evaluate.h"

#include <doctest/doctest.h>

#include "filter/render.h"
#include "unit/filter/random_expression.h"
#include "unit/filter/sample_database.h"

using namespace crm;

namespace {

const char* shown(const std::optional<bool>& answer) {
  return !answer ? "null" : *answer ? "true" : "false";
}

// The answer of SQL, by record, in order of id. Under the guard that a user's conditions run under.
std::vector<std::optional<bool>> by_sql(Connection& connection, const Condition& condition) {
  const SqlCondition sql = render(condition, 1);
  const std::vector<Param> params(sql.params.begin(), sql.params.end());
  std::vector<std::optional<bool>> answers;
  connection.query_guarded(
      "SELECT (" + sql.sql + ") FROM " + std::string(entity(condition.kind).table) + " r ORDER BY r.id",
      params, [&](const Row& row) {
        answers.push_back(row.is_null(0) ? std::nullopt : std::optional(row.integer(0) != 0));
        return true;
      });
  return answers;
}

}  // namespace

TEST_CASE("SQL and the evaluator give the same answer for random conditions on random records") {
  Random random(20260301);
  SampleDatabase database(random, 30);
  int cases = 0;
  int unknown = 0;
  int held = 0;
  for (const Entity& entity : entities()) {
    const TestContext context(entity.kind);
    const std::vector<SampleRecord> records = database.records(context);
    RandomExpression expressions(random, context.view);
    for (int i = 0; i < 200; ++i) {
      const bool term = i % 5 == 4;
      const std::string text = term ? expressions.term() : expressions.condition(3);
      INFO(entity.name << ": " << text);
      if (term && !entity.searchable && parse_term(text).root.kind == ExprKind::search) continue;
      if (term && text.find("tag") != std::string::npos && context.view.find("tags") == nullptr) continue;
      if (term && text.starts_with('+') && context.view.find("tags") == nullptr) continue;
      const Expression expression = term ? parse_term(text) : parse_expression(text);
      const Condition condition = check_expression(expression, context.context);
      if (!term)
        REQUIRE(to_text(parse_expression(to_text(expression.root)).root) == to_text(expression.root));
      const auto answers = by_sql(database.connection(), condition);
      REQUIRE(answers.size() == records.size());
      for (std::size_t at = 0; at < records.size(); ++at) {
        const std::optional<bool> answer = evaluate(condition, records[at]);
        ++cases;
        unknown += answer ? 0 : 1;
        held += answer.value_or(false) ? 1 : 0;
        if (answer == answers[at]) continue;
        FAIL_CHECK("record " << records[at].id << ": SQL says " << shown(answers[at]) << ", the evaluator "
                             << shown(answer) << "; " << render(condition).sql);
        break;
      }
    }
  }
  CHECK(cases >= 20000);
  // The conditions are neither trivial nor mostly about nothing.
  CHECK(unknown > cases / 50);
  CHECK(held > cases / 10);
  CHECK(held < cases * 9 / 10);
}

TEST_CASE("changed() and was() compare with the record before") {
  TestContext context(Kind::lead);
  context.context.after_change = true;
  SampleRecord before;
  SampleRecord after;
  const std::int64_t before_amount = 500000;
  for (const Field* field : context.view.fields())
    before.values[std::string(field->name)] = after.values[std::string(field->name)] = Value();
  before.values["stage"] = "new";
  after.values["stage"] = "contacted";
  before.values["amount"] = before_amount;
  after.values["amount"] = before_amount;
  after.values["currency"] = "JPY";
  const auto holds = [&](std::string_view text, const SampleRecord* earlier) {
    return evaluate(context.check(text), after, earlier);
  };

  CHECK(holds("changed(stage)", &before) == true);
  CHECK(holds("changed(stage) and was(stage) = 'new' and stage = 'contacted'", &before) == true);
  CHECK(holds("changed(owner)", &before) == false);
  CHECK(holds("changed(amount)", &before) == false);
  // The earlier amount is one in the earlier currency.
  CHECK(holds("was(amount) = 5000 and amount = 500000", &before) == true);
  // A new record had nothing.
  CHECK(holds("changed(stage)", nullptr) == true);
  CHECK(holds("changed(owner)", nullptr) == false);
  CHECK(holds("was(stage) = 'new'", nullptr) == std::nullopt);
  CHECK_THROWS_WITH(render(context.check("changed(stage)")),
                    "changed() and was() are for one record after a change, not for a list");
}

TEST_CASE("an inverse pattern takes no exponential time") {
  const TestContext context(Kind::lead);
  SampleRecord record;
  record.values["note"] = std::string(20000, 'a');
  std::string pattern;
  for (int i = 0; i < 500; ++i) pattern += "%a";
  CHECK(evaluate(context.check("note like '" + pattern + "b'"), record) == false);
}
