#include "filter/check.h"

#include <doctest/doctest.h>

#include <string>

#include "filter/render.h"
#include "unit/filter/context.h"

using namespace crm;

namespace {

std::string message(const TestContext& context, std::string_view text, bool term = false) {
  try {
    const Condition condition = term ? context.check_term(text) : context.check(text);
    return "accepted: " + render(condition).sql;
  } catch (const Error& error) {
    return error.message() + (error.hint().empty() ? "" : "; " + error.hint());
  }
}

// The first bound value.
std::string bound(const Condition& condition) {
  const SqlCondition sql = render(condition);
  REQUIRE_FALSE(sql.params.empty());
  const Value& value = sql.params.front();
  return integer_of(value) != nullptr ? std::to_string(*integer_of(value)) : *text_of(value);
}

}  // namespace

TEST_CASE("names that are not known") {
  const TestContext lead(Kind::lead);
  CHECK(message(lead, "stge = 'new'") == "leads have no field 'stge'; did you mean 'stage'?");
  CHECK(message(lead, "source = web") == "leads have no field 'web'; a text stands in single quotes: 'web'");
  CHECK(message(lead, "stage = 'nwe'") == "there is no stage 'nwe'; did you mean 'new'?");
  CHECK(message(lead, "stage = 'x-ray'") ==
        "there is no stage 'x-ray'; the stages are 'new', 'contacted', 'qualified', 'won' and 'lost'");
  CHECK(message(lead, "owner = 'nobody'") ==
        "there is no user 'nobody'; 'crm user list' shows those there are");
  CHECK(message(lead, "stage=new, lost", true) ==
        "there is no stage 'new, lost'; several values are written as --where \"stage in ('new', 'lost')\"");
  CHECK(message(lead, "owner=li,wang", true) ==
        "there is no user 'li,wang'; several values are written as --where \"owner in ('li', 'wang')\"");
  CHECK(message(lead, "foo=bar", true) == "leads have no field 'foo'; crm schema lead lists the fields");
  CHECK(message(TestContext(Kind::followup), "type = 'cal'") ==
        "'cal' is not a value of 'type'; did you mean 'call'?");
  CHECK(message(TestContext(Kind::stage_change), "+vip", true)
            .starts_with("stage changes have no field 'tags'"));
  CHECK(message(TestContext(Kind::stage_change), "wang", true)
            .starts_with("the text of stage changes is not searched: 'wang'"));
}

TEST_CASE("types that do not fit") {
  const TestContext lead(Kind::lead);
  CHECK(message(lead, "name > 5") == "'5' is a number, not a text; write it in quotes");
  CHECK(message(lead, "score = '5'") == "'5' is a text, not a number; write it without quotes");
  CHECK(message(lead, "age > 30") ==
        "'30' is a number, not a duration; a duration is written as 30m, 48h, 15d or 2w");
  CHECK(message(lead, "created_at >= 2026-03-01") ==
        "a time cannot be compared with a number; a date is written as '2026-03-01', in quotes");
  CHECK(message(lead, "overdue = 'yes'") ==
        "'yes' is a text, not a condition; it is compared with true or false");
  CHECK(message(lead, "owner = null") ==
        "a comparison with null is never true; absence is tested by 'is null' and 'is not null'");
  CHECK(message(lead, "stage > 'new'") == "stages have no order; compare with = or in");
  CHECK(message(lead, "owner < 3") == "records have no order; compare with = or in");
  CHECK(message(lead, "owner = team") == "a record cannot be compared with a record");
  CHECK(message(lead, "score like '5%'") == "'like' looks into a text, this is a number");
  CHECK(message(lead, "name like company") == "'like' takes a text; write it in quotes");
  CHECK(
      message(lead, "score + 1d > 3") ==
      "'+' does not take a number and a duration; it takes times and durations, two numbers or two amounts");
  CHECK(message(lead, "score") == "this is a number where a condition is needed; compare it with something");
  CHECK(message(lead, "'x' and overdue") ==
        "this is a text where a condition is needed; compare it with something");
  CHECK(message(lead, "amount > '5'") == "'5' is a text, not an amount; write it without quotes");
  CHECK(message(lead, "coalesce(amount, 5) > 1") ==
        "an amount is needed, not a number; only 0 is the same in every currency");
  CHECK(message(lead, "length(score) = 1") == "'length' takes a text, this is a number");
  CHECK(message(lead, "score in (1, company)") == "a number cannot be compared with a text");
  CHECK(message(lead, "score in (1, score)") == "a list holds constants; compare with '=' and 'or'");
  CHECK(message(lead, "days_between(created_at) = 1") == "'days_between' takes two values");
  CHECK(message(lead, "changed(stage)") ==
        "'changed' has no meaning here; it is for rules that a change sets off");
  CHECK(message(lead, "amount >= 99999999999999999999") ==
        "'99999999999999999999' is not a number that can be compared; a number is written as 5000 or -12.50, "
        "with at most 4 decimals");
  CHECK(message(lead, "now + 9999999999d > created_at").starts_with("'9999999999d' is not a duration"));
}

TEST_CASE("values of terms are read as the field's type") {
  const TestContext lead(Kind::lead);
  CHECK(bound(lead.check_term("stage=WON")) == "won");
  CHECK(bound(lead.check_term("owner=li")) == "1");
  CHECK(bound(lead.check_term("owner=user/7")) == "7");
  CHECK(bound(lead.check_term("owner=9")) == "9");
  CHECK(bound(lead.check_term("owner=me")) == "2");
  CHECK(bound(lead.check_term("currency=jpy")) == "JPY");
  CHECK(bound(lead.check_term("score>= 5 ")) == "5");
  CHECK(render(lead.check_term("age>30d")).params.back() == Value(std::int64_t{2592000}));
  CHECK(bound(lead.check_term("phone=+86 138-0013-8000")) == "+8613800138000");
  CHECK(bound(lead.check_term("email=Li@Example.COM")) == "li@example.com");
  CHECK(bound(TestContext(Kind::followup).check_term("type=电话")) == "call");
  CHECK(bound(TestContext(Kind::user).check_term("absent_until=tomorrow")) == "2026-03-02");
  CHECK(message(lead, "score=five", true).starts_with("'five' is not a number"));
  CHECK(message(lead, "overdue=perhaps", true) == "'perhaps' is neither yes nor no; write yes or no");
  CHECK(message(lead, "amount>=$5", true).starts_with("'$5' is not a number that can be compared"));
  CHECK(message(lead, "created_at>=2026-02-30", true).find("2026-02-30") != std::string::npos);
}

TEST_CASE("a moment beside a day is compared by days, in the zone") {
  const TestContext lead(Kind::lead);
  const auto sql = [&](std::string_view text) {
    const SqlCondition rendered = render(lead.check(text));
    std::string shown = rendered.sql;
    for (const Value& value : rendered.params) shown += ' ' + std::to_string(*integer_of(value));
    return shown;
  };
  // 2026-03-01 in Shanghai is 1772294400 to 1772380800.
  CHECK(sql("created_at = '2026-03-01'") ==
        "(r.\"created_at\" >= $1 AND r.\"created_at\" < $2) 1772294400 1772380800");
  CHECK(sql("created_at <> today") ==
        "(r.\"created_at\" < $1 OR r.\"created_at\" >= $2) 1772294400 1772380800");
  CHECK(sql("created_at > today") == "r.\"created_at\" >= $1 1772380800");
  CHECK(sql("created_at <= today") == "r.\"created_at\" < $1 1772380800");
  CHECK(sql("today > created_at") == "r.\"created_at\" < $1 1772294400");
  CHECK(sql("created_at between '2026-03-01' and today + 1d") ==
        "(r.\"created_at\" >= $1 AND r.\"created_at\" < $2) 1772294400 1772467200");
  CHECK(sql("created_at >= '2026-03-01 09:00'") == "r.\"created_at\" >= $1 1772326800");
  CHECK(sql("created_at < now - 15d + 1h") == "r.\"created_at\" < $1 1771034400");
}

TEST_CASE("a day of 23 hours ends where the next begins") {
  const TestContext berlin(Kind::lead, "Europe/Berlin");
  const SqlCondition sql = render(berlin.check("created_at = '2026-03-29'"));
  CHECK(*integer_of(sql.params[1]) - *integer_of(sql.params[0]) == 23 * 3600);
}

TEST_CASE("a field that the actor may not see cannot be asked for, in any form") {
  TestContext lead(Kind::lead);
  lead.context.may_see = [](const Field& field) { return field.name != "phone"; };
  for (const char* text :
       {"phone = '1'", "phone is null", "length(phone) > 1", "coalesce(phone, 'x') = 'x'", "name = phone"}) {
    INFO(text);
    try {
      lead.check(text);
      FAIL("accepted");
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::not_permitted);
      CHECK(error.field() == "phone");
    }
  }
  CHECK_THROWS_WITH(lead.check_term("phone~138"), "you may not see 'phone', so it cannot be asked for");
  CHECK_NOTHROW(lead.check("email is null"));
}

TEST_CASE("names are not looked up without a database, and me needs somebody") {
  TestContext lead(Kind::lead);
  lead.context.find_record = {};
  lead.context.me.reset();
  CHECK_NOTHROW(lead.check("owner = 'whoever'"));
  CHECK_THROWS_WITH(lead.check("owner = me"), "'me' means nobody here");
}

TEST_CASE("a message points into the text") {
  const TestContext lead(Kind::lead);
  try {
    lead.check("stage = 'new' and\n  scroe > 5");
    FAIL("accepted");
  } catch (const Error& error) {
    REQUIRE(error.problems().size() == 1);
    CHECK(describe(error.problems().front(), true) ==
          "2:3: leads have no field 'scroe'; did you mean 'score'?\n    scroe > 5\n    ^");
  }
}
