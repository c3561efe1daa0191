#include "filter/render.h"

#include <doctest/doctest.h>

#include <string>

#include "unit/filter/context.h"

using namespace crm;

namespace {

std::string sql(Kind kind, std::string_view text) {
  return render(TestContext(kind).check(text)).sql;
}
std::string lead(std::string_view text) {
  return sql(Kind::lead, text);
}

}  // namespace

TEST_CASE("conditions as SQL that an index can answer") {
  CHECK(lead("stage = 'new' and owner = me") == R"((r."stage" = $1 AND r."owner" = $2))");
  CHECK(lead("score in (1, 2, 3)") == R"(r."score" IN ($1, $2, $3))");
  CHECK(lead("closed_at is not null") == R"(r."closed_at" IS NOT NULL)");
  CHECK(lead("not not (closed_at is null)") == R"(r."closed_at" IS NULL)");
  CHECK(lead("amount > 0") == R"(r."amount" > $1)");
  CHECK(lead("5 < score") == R"(r."score" > $1)");
  CHECK(lead("score > 5.5") == R"(r."score" > $1)");
  CHECK(lead("name contains '50%_\\'") == R"(r."name" LIKE $1 ESCAPE '\')");
  CHECK(lead("tags contains 'vip'") ==
        "r.id IN (SELECT t.record FROM tag t WHERE t.kind = 5 AND t.name = $1)");
  CHECK(lead("score - (1 - (2 - score)) > 0") == R"(($1 + r."score" - r."score") > $2)");
  CHECK(sql(Kind::followup, "about = 'lead/42'") == R"((r."about_kind" = 5 AND r."about_id" = $1))");
  CHECK(sql(Kind::stage_change, "from is null and to = 'won'") ==
        R"((r."to_stage" = $1 AND r."from_stage" IS NULL))");
}

TEST_CASE("amounts are compared in the record's currency") {
  const SqlCondition rendered = render(TestContext(Kind::lead).check("amount = 5000.5"));
  CHECK(rendered.sql.starts_with(R"(CASE WHEN r."currency" IN ('BIF', )"));
  CHECK(rendered.sql.find(R"('JPY')") != std::string::npos);
  CHECK(rendered.sql.ends_with(R"(ELSE r."amount" = $3 END)"));
  // No amount in yen is 5000.5.
  CHECK(rendered.sql.find(R"(THEN r."amount" <> r."amount" WHEN)") != std::string::npos);
  CHECK(rendered.params ==
        std::vector<Value>{std::int64_t{5000500}, std::int64_t{50005000}, std::int64_t{500050}});
}

TEST_CASE("an amount that lies on one side whatever its currency is not asked for it") {
  const SqlCondition above = render(TestContext(Kind::lead).check("amount >= 5000.5"));
  // In the usual currency; of others, more than that in the smallest units, else than 5000 in the largest.
  CHECK(above.sql.starts_with(
      R"(((r."amount" >= $1 OR r."currency" <> $2) AND (r."amount" >= $3 OR r."amount" > $4 AND CASE WHEN )"));
  CHECK(above.sql.ends_with(R"(ELSE r."amount" >= $8 END)))"));
  CHECK(above.params[0] == Value(std::int64_t{500050}));
  CHECK(above.params[1] == Value(std::string("CNY")));
  CHECK(above.params[2] == Value(std::int64_t{50005000}));
  const SqlCondition below = render(TestContext(Kind::lead).check("amount < -3"));
  CHECK(below.sql.starts_with(
      R"(((r."amount" < $1 OR r."currency" <> $2) AND (r."amount" < $3 OR r."amount" < $4 AND CASE WHEN )"));
  CHECK(below.params[2] == Value(std::int64_t{-30000}));
  CHECK(lead("amount < 0") == R"(r."amount" < $1)");
}

TEST_CASE("the moment is bound once, and parameters count from where they are told to") {
  const SqlCondition rendered =
      render(TestContext(Kind::followup).check("overdue and not overdue and type = 'call'"), 4);
  CHECK(rendered.params.size() == 2);
  CHECK(rendered.sql.find("r.\"type\" = $4 AND ") != std::string::npos);
  const std::size_t first = rendered.sql.find("r.due_at < $5");
  CHECK(first != std::string::npos);
  CHECK(rendered.sql.find("r.due_at < $5", first + 1) != std::string::npos);
}

TEST_CASE("no text of the user's is in the SQL") {
  for (const char* term : {"name=canary'--", "note~canary%", "+canary", "canary words", "ref=canary/x",
                           "phone=canary", "email=canary@x.org", "source!=canary"}) {
    INFO(term);
    CHECK(render(TestContext(Kind::lead).check_term(term)).sql.find("canary") == std::string::npos);
  }
}

TEST_CASE("the engine's own search") {
  const Condition condition = TestContext(Kind::lead).check_term("王芳");
  const SqlCondition rendered = render(condition, 3, [](Kind kind, const std::string& words, int first) {
    CHECK(kind == Kind::lead);
    CHECK(words == "王芳");
    return SqlCondition{"found($" + std::to_string(first) + ")", {Value(words)}};
  });
  CHECK(rendered.sql == "found($3)");
}

TEST_CASE("several conditions as one") {
  const TestContext context(Kind::lead);
  std::vector<Condition> conditions;
  conditions.push_back(context.check_term("stage=new"));
  conditions.push_back(context.check("owner = me or owner is null"));
  CHECK(render(all_of(std::move(conditions))).sql ==
        R"(((r."owner" = $1 OR r."owner" IS NULL) AND r."stage" = $2))");
}

TEST_CASE("a list of amounts at its bound, and a long chain, stay within an engine's limits") {
  std::string list = "amount in (0.5";
  for (int i = 1; i < 1000; ++i) list += ",1.5";
  CHECK(lead(list + ")").size() < 64 * 1024);
  std::string chain = "id=1";
  for (int i = 1; i < 500; ++i) chain += " or id=1";
  CHECK(lead(chain).find(") OR (") != std::string::npos);
}
