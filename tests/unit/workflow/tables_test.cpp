// The tables of a workflow file: what is read, and the whole text of every fault.
#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <vector>

#include "filter/parse.h"
#include "process/process.h"
#include "workflow/definition.h"
#include "workflow/difference.h"
#include "workflow/implication.h"

using crm::Kind;
using crm::slot;

namespace {

std::string table_faults(const std::string& body) {
  std::vector<crm::Problem> problems;
  crm::read_definition("workflow: a\n" + body, "a.yaml", problems);
  std::string text;
  for (const crm::Problem& problem : problems) text += describe(problem, false).substr(7) + '\n';
  return text;
}

std::unique_ptr<crm::Process> process_of(const std::string& body) {
  std::vector<crm::Problem> problems;
  auto process = crm::read_definition("workflow: a\n" + body, "a.yaml", problems);
  for (const crm::Problem& problem : problems) FAIL_CHECK(describe(problem, false));
  REQUIRE(process != nullptr);
  return process;
}

bool implied(const char* narrow, const char* wide) {
  crm::ComparingEffort effort;
  return crm::implies(crm::parse_expression(narrow).root, crm::parse_expression(wide).root, effort);
}

constexpr const char* kTables = R"(history: 26w
calendar:
  hours: {mon-fri: "09:00-12:00, 13:30-18:00", sat: "10:00-24:00"}
  holidays: ["2026-10-01..2026-10-07", "2027-01-01"]
  workdays: "2026-10-11"
fields:
  user: {region: {type: text}}
  lead: {level: {type: choice, choices: [A, B]}}
assign:
  lead:
    - {when: "region = 'East'", to: [li, wang], by: weighted, weights: {wang: 2, li: 1}, cap: 50, per-day: 5, else: next}
    - {to: team/inbound, same: region}
score:
  lead: [{when: "title like '%director%'", points: 20}, {points: -5}]
level:
  lead: [{when: "score > 10", level: A, reason: promising}, {level: B}]
pool:
  lead:
    claims-per-day: 5
    hold: 20
    cooling-off: 7d
    recycle: [{when: "level = 'A'", after: 4w, warn: 3d}, {after: 15d}]
dedupe:
  customer: {same: [[phone], email, [name, region]], similar: {name: 0.90}, threshold: 0.7}
roles:
  rep: {see: own, edit: own, reveal: []}
  manager: {see: team, reveal: [phone], as: team}
  admin: {see: all, edit: all, reveal: all}
)";

}  // namespace

TEST_CASE("the tables are read, and what is compiled of them is read back the same") {
  const std::string body = kTables;
  const auto first = process_of(body);
  const auto again = crm::from_compiled(compile(*first));
  CHECK(compile(*again) == compile(*first));
  const crm::Process& process = *again;
  CHECK(process.history_days == 182);
  CHECK(process.calendar.hours[1].size() == 2);
  CHECK(process.calendar.hours[6][0].to == std::chrono::hours(24));
  CHECK(process.calendar.hours[0].empty());
  CHECK(process.calendar.holidays.size() == 2);
  const auto& rows = process.assignments[slot(Kind::lead)];
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].weights == std::vector<int>{1, 2});
  CHECK(rows[0].per_day == 5);
  CHECK(rows[0].else_next);
  CHECK(rows[1].to == std::vector<std::string>{"team/inbound"});
  CHECK(rows[1].same == std::vector<std::string>{"region"});
  CHECK(process.scores[slot(Kind::lead)][1].points == -5);
  CHECK(process.levels[slot(Kind::lead)][0].reason == "promising");
  REQUIRE(process.pools[slot(Kind::lead)]);
  CHECK(process.pools[slot(Kind::lead)]->recycle[0].after_days == 28);
  CHECK(process.dedupe[slot(Kind::customer)]->same.size() == 3);
  CHECK(process.dedupe[slot(Kind::customer)]->similar[0].threshold == doctest::Approx(0.9));
  CHECK(process.dedupe[slot(Kind::customer)]->threshold.value_or(0) == doctest::Approx(0.7));
  CHECK(process.roles.size() == 3);
  CHECK(process.find_role("manager")->edit == crm::Scope::team);
  CHECK(process.find_role("admin")->act_as == crm::Scope::all);
}

TEST_CASE("faults of a calendar") {
  CHECK(table_faults(R"(calendar:
  hours: {mon-fri: "09:00-12:00, 11:00-18:00", fir: "09:00-10:00", wed: "18:00-09:00", sat: nine}
  holidays: ["2026-02-30", "2026-10-07..2026-10-01", "2026-01-01..2028-01-01"]
)") == R"(3:34: '11:00-18:00' begins before the hours ahead of it end; write them in order, apart
3:48: 'fir' is no day of the week; write mon, tue, wed, thu, fri, sat, sun, or a range such as mon-fri
3:68: the hours of wed are given twice
3:74: '18:00-09:00' ends before it begins; give a night's hours to both days: 20:00-24:00 and 00:00-06:00
3:93: 'nine' is no stretch of hours; write 09:00-12:00, or several with commas between
4:14: '2026-02-30' is no day; write '2026-10-01', or '2026-10-01..2026-10-07'
4:28: '2026-10-07..2026-10-01' ends before it begins
4:54: '2026-01-01..2028-01-01' is more than a year
)");
  CHECK(table_faults("calendar: {holidays: \"2026-10-01..2026-10-07\", workdays: \"2026-10-03\"}\n") ==
        "2:58: '2026-10-03' is among the holidays too; take it out of one of the lists\n");
  CHECK(table_faults("calendar: {hours: {}}\n") ==
        "2:19: no day has open hours; write 'mon-fri: 09:00-18:00', or leave 'hours' out\n");
}

TEST_CASE("faults of an assignment table") {
  CHECK(table_faults(R"(assign:
  lead:
    - {when: "region = 'East'", to: [li, li, pool]}
    - {when: "region = 'East' and amount > 5", to: [li], by: last}
    - {when: "amount >= 100", to: li, weights: {li: 1}}
    - {when: "amount > 200 and region = 'West'", to: wang, cap: 0}
    - {when: "stage = 'nwe'", to: pool, cap: 3}
    - {to: [a, b], by: weighted, weights: {a: 1, c: 2}, same: district}
    - {when: "source = 'web'", to: team/}
  contact: [{to: li}]
)") == R"(4:42: 'li' occurs twice; for a larger share, use 'by: weighted' and 'weights'
4:46: 'pool' stands alone: nobody gets what is in it; leave out it or the others
5:7: this row never counts: the one in line 4 takes all that it could; put the narrower condition first
5:62: unknown by 'last'; known here: 'round-robin', 'least-open', 'weighted' and 'first'
6:48: 'weights' are only of 'by: weighted'
7:7: this row never counts: the one in line 6 takes all that it could; put the narrower condition first
7:65: 'cap' must be a whole number from 1 to 1000000, not '0'
8:23: there is no stage 'nwe'; did you mean 'new'?
8:46: 'cap' means nothing for the pool; leave it out
9:43: 'b' has no weight; give each of 'to' one
9:50: 'c' is not in 'to'; known here: 'a' and 'b'
9:63: leads have no field 'district'; 'crm schema lead' lists them
9:63: users have no field 'district'; 'crm schema user' lists them
10:7: this row never counts: the one in line 9 takes all that it could; put the narrower condition first
10:36: 'team/' names no team; write team/NAME
11:3: a contact has no owner: it cannot be assigned
)");
}

TEST_CASE("faults of ratings") {
  CHECK(table_faults(R"(fields: {lead: {level: {type: choice, choices: [A, B]}}}
score:
  lead: [{when: "amount > 5", points: much}, {when: "amount > 5", points: 3}, {when: "amont > 5", points: 1}]
  contact: [{points: 3}]
level:
  lead: [{level: C}, {when: amount > 3, level: A}]
)") == R"(4:39: 'points' must be a whole number from -1000000 to 1000000, not 'much'
4:46: this row has the condition of the one in line 4: both count; put their points together
4:87: leads have no field 'amont'; did you mean 'amount'?
5:3: a contact has no field 'score' to hold its score; add one to 'fields': score: {type: integer}
7:18: 'C' is none of the choices of 'level'; known here: 'A' and 'B'
7:22: this row never counts: the one in line 7 takes all that it could; put the narrower condition first
)");
}

TEST_CASE("faults of a pool, of roles and of duplicates") {
  CHECK(table_faults(R"(pool:
  lead: {hold: many, cooling-off: 7h, template: t, recycle: [{after: 3d, warn: 3d}]}
  followup: {recycle: [{after: 3d}]}
)") == R"(3:16: 'hold' must be a whole number from 1 to 1000000, not 'many'
3:35: '7h' is no number of days; write 15d or 4w, at most ten years
3:49: unknown template 't'; write it under 'templates'
3:80: the warning would come before the 3 days begin; give a shorter time
4:23: a followup has no follow-ups: nothing says when it goes back
)");
  CHECK(table_faults("roles: {rep: {see: own, edit: all, reveal: [phnoe]}}\n") ==
        "2:31: the role 'rep' edits more than it sees; widen 'see', or narrow 'edit'\n"
        "2:45: no kind has a field 'phnoe'; did you mean 'phone'?\n");
  CHECK(table_faults("roles: {rep: {see: own}}\n") ==
        "2:8: 'roles' has no role 'admin': nobody could change the workflow any more; write admin: {see: "
        "all, edit: all, reveal: all}\n");
  CHECK(table_faults("roles: {admin: {see: team}}\n") ==
        "2:16: the role 'admin' must see and edit all; write admin: {see: all, edit: all, reveal: all}\n");
  CHECK(table_faults("dedupe: {customer: {same: [[phone, fax]], similar: {name: 2, age: 0.5}}}\n") ==
        "2:36: customers have no field 'fax'; 'crm schema customer' lists them\n"
        "2:59: how alike two values of 'name' must be is a number over 0, up to 1; write 0.90\n"
        "2:62: 'age' cannot be compared: it has no value of its own; name a field that is stored\n");
  CHECK(table_faults("dedupe: {customer: {threshold: 60}}\n") ==
        "2:32: 'threshold' is a score over 0, up to 1; write 0.6\n");
  CHECK(table_faults("history: 90m\n") ==
        "2:10: '90m' is no number of days; write 90d or 26w, at most ten years\n");
}

TEST_CASE("faults of masks and checks") {
  CHECK(table_faults("fields: {lead: {a: {type: text, mask: phone}, b: {type: integer, check: cn-id-card}, "
                     "c: {type: text, check: cn-idcard}, d: {type: text, sensitive: true, mask: phon}}}\n") ==
        "2:39: only a sensitive field is masked; add 'sensitive: true'\n"
        "2:73: only a field of type 'text' is checked so; give it 'type: text'\n"
        "2:109: unknown check 'cn-idcard'; did you mean 'cn-id-card'?\n"
        "2:160: unknown mask 'phon'; did you mean 'phone'?\n");
}

TEST_CASE("what conditions exclude each other can be seen") {
  const auto apart = [](const char* a, const char* b) {
    const auto first = crm::parse_expression(a).root;
    const auto second = crm::parse_expression(b).root;
    crm::ComparingEffort effort;
    CHECK(crm::excludes(first, second, effort) == crm::excludes(second, first, effort));
    return crm::excludes(first, second, effort);
  };
  CHECK(apart("source = 'web'", "source = 'fair'"));
  CHECK(apart("source = 'web' and amount > 5", "region = 'East' and source in ('fair', 'phone')"));
  CHECK(apart("amount < 100", "amount >= 100"));
  CHECK(apart("amount <= 100", "amount > 100"));
  CHECK(apart("phone is null", "phone like '1%'"));
  CHECK(apart("phone is null", "phone is not null"));
  CHECK(apart("stage <> 'new'", "stage = 'new'"));
  CHECK(apart("source = 'a' or source = 'b'", "source = 'c' or source = 'd'"));
  CHECK_FALSE(apart("source = 'web'", "region = 'East'"));
  CHECK_FALSE(apart("amount <= 100", "amount >= 100"));
  CHECK_FALSE(apart("source in ('a', 'b')", "source in ('b', 'c')"));
  CHECK_FALSE(apart("source = 'a' or amount > 5", "source = 'b'"));
}

TEST_CASE("what conditions are compared with costs as much as they hold, and ends once its effort is spent") {
  const auto list = [](const std::string& prefix, int values) {
    std::string in = "region in ('" + prefix + '\'';
    for (int i = 1; i < values; ++i) in += ", '" + prefix + std::to_string(i) + '\'';
    return crm::parse_expression(in + ')').root;
  };
  const auto first = list("a", 200);
  const auto second = list("b", 200);
  crm::ComparingEffort effort;
  int compared = 0;
  while (crm::excludes(first, second, effort)) ++compared;
  CHECK(compared > 1000);
  CHECK(compared < 5000);
  CHECK(effort.is_spent());
  CHECK_FALSE(crm::implies(first, first, effort));
}

TEST_CASE("equal values of different kinds are different values") {
  CHECK(implied("note in ('1', '1')", "note in ('1', '2')"));
  CHECK_FALSE(implied("note in (1)", "note in ('1', '2')"));
}

TEST_CASE("rules that fight are warned of, and applied all the same") {
  const std::string file =
      "workflow: a\n"
      "rules:\n"
      "  - {name: a, on: lead.created, when: source = 'web', do: [{set: {note: x}}, {tag: hot}]}\n"
      "  - {name: b, on: lead.created, when: amount > 5, do: [{set: {note: y}}]}\n"
      "  - {name: c, on: lead.created, when: source = 'fair', do: [{untag: hot}]}\n"
      "  - {name: d, on: lead.updated, do: [{set: {note: z}}]}\n"
      "  - {name: e, on: lead.updated, do: [{set: {note: z}}, {stage: won}, {stage: lost}]}\n";
  std::vector<crm::Problem> problems, warnings;
  CHECK(crm::read_definition(file, "a.yaml", problems, &warnings) != nullptr);
  CHECK(problems.empty());
  std::vector<std::string> lines;
  for (const crm::Problem& warning : warnings) lines.push_back(describe(warning, false));
  CHECK(
      lines ==
      std::vector<std::string>{
          "a.yaml:4:56: the rule 'a' in line 3 sets 'note' too, to something else: the later one wins; give "
          "the rules conditions that exclude each other",
          "a.yaml:7:70: the action in line 7 sets 'stage' too, to something else: the later one wins; leave "
          "one of them out"});
}

TEST_CASE("a second message of a rule to the same person is warned of") {
  const std::string file =
      "workflow: a\n"
      "templates: {t: {subject: s, body: b}, u: {subject: s, body: b}}\n"
      "rules:\n"
      "  - name: a\n"
      "    on: lead.created\n"
      "    do:\n"
      "      - notify: {to: owner, template: t}\n"
      "      - notify: {to: manager, template: t}\n"
      "      - webhook: {channel: hook}\n"
      "      - notify: {to: owner, template: u}\n"
      "      - webhook: {channel: hook, fields: [name]}\n"
      "  - {name: b, on: lead.created, do: [{notify: {to: owner, template: t}}]}\n";
  std::vector<crm::Problem> problems, warnings;
  crm::read_definition(file, "a.yaml", problems, &warnings);
  for (const crm::Problem& problem : problems) MESSAGE(describe(problem, false));
  CHECK(problems.empty());
  std::vector<std::string> lines;
  for (const crm::Problem& warning : warnings) lines.push_back(describe(warning, false));
  CHECK(lines ==
        std::vector<std::string>{
            "a.yaml:10:9: the action in line 7 notifies 'owner' already, and a rule sends one message for a "
            "change: this one never goes out; say both in one message, or make a rule of its own for it",
            "a.yaml:11:9: the action in line 9 calls 'hook' already, and a rule sends one message for a "
            "change: this one never goes out; say both in one message, or make a rule of its own for it"});
}

TEST_CASE("what a condition implies can be seen") {
  CHECK(implied("amount >= 200", "amount >= 100"));
  CHECK(implied("amount > 100", "amount >= 100"));
  CHECK_FALSE(implied("amount >= 100", "amount > 100"));
  CHECK(implied("amount = 150", "amount >= 100"));
  CHECK(implied("region = 'a' and source = 'b'", "source = 'b'"));
  CHECK(implied("region = 'a'", "region in ('a', 'b')"));
  CHECK(implied("region in ('a', 'b')", "region in ('b', 'c', 'a')"));
  CHECK_FALSE(implied("region in ('a', 'd')", "region in ('b', 'c', 'a')"));
  CHECK(implied("region = 'a'", "region is not null"));
  CHECK(implied("region = 'a'", "region = 'a' or amount > 5"));
  CHECK(implied("region = 'a' or region = 'b'", "region in ('a', 'b')"));
  CHECK_FALSE(implied("region = 'a' or amount > 5", "region = 'a'"));
  CHECK_FALSE(implied("region = 'a'", "source = 'a'"));
  CHECK_FALSE(implied("not region = 'a'", "region is not null and amount > 5"));
}

TEST_CASE("differences of tables in words") {
  const std::string body = kTables;
  const auto before = process_of("");
  const auto after = process_of(body);
  std::string text;
  for (const std::string& line : differences(*before, *after)) text += line + '\n';
  CHECK(text == R"(user field 'region' is new
lead field 'level' is new
calendar: Monday 09:00-12:00, 13:30-18:00 is new
calendar: Tuesday 09:00-12:00, 13:30-18:00 is new
calendar: Wednesday 09:00-12:00, 13:30-18:00 is new
calendar: Thursday 09:00-12:00, 13:30-18:00 is new
calendar: Friday 09:00-12:00, 13:30-18:00 is new
calendar: Saturday 10:00-24:00 is new
calendar: holiday 2026-10-01..2026-10-07 is new
calendar: holiday 2027-01-01 is new
calendar: working day 2026-10-11 is new
calendar: Monday 09:00-18:00 is gone
calendar: Tuesday 09:00-18:00 is gone
calendar: Wednesday 09:00-18:00 is gone
calendar: Thursday 09:00-18:00 is gone
calendar: Friday 09:00-18:00 is gone
customer duplicates: the same phone is new
customer duplicates: the same email is new
customer duplicates: the same name, region is new
customer duplicates: a similar name from 90 % is new
customer duplicates: listed from a score of 70 % is new
lead assignment: when region = 'East' to li × 1, wang × 2 by weighted, at most 50 open, at most 5 a day, else the next row is new
lead assignment: every record to team/inbound by round-robin, of the same region is new
lead score: when title like '%director%' +20 is new
lead score: every record -5 is new
lead level: when score > 10 is 'A' (promising) is new
lead level: every record is 'B' is new
lead pool: at most 5 claims a day is new
lead pool: no claims with 20 open ones is new
lead pool: a former owner waits 7 days is new
lead pool: when level = 'A' back after 28 days, with a warning 3 days before is new
lead pool: every record back after 15 days is new
role 'rep' sees own, edits own, reveals nothing is new
role 'manager' sees team, edits team, reveals phone, acts as team is new
role 'admin' sees all, edits all, reveals all, acts as all is new
the runs of rules are kept for 182 days, were for 90
)");
  CHECK(differences(*after, *process_of(body)).empty());
}

TEST_CASE("a file of two thousand lines is checked in a tenth of a second") {
  std::string body = "assign:\n  lead:\n";
  for (int i = 0; i < 600; ++i) {
    body += "    - when: \"region = 'R" + std::to_string(i) + "' and amount >= " + std::to_string(i) +
            "\"\n      to: [li, wang]\n      cap: 50\n";
  }
  body += "score:\n  lead:\n";
  for (int i = 0; i < 100; ++i)
    body += "    - {when: \"title like '%" + std::to_string(i) + "%'\",\n       points: 3}\n";
  const auto begin = std::chrono::steady_clock::now();
  CHECK(table_faults(body).empty());
  const std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - begin;
  MESSAGE("2,000 lines: ", taken.count(), " ms in this build");
}
