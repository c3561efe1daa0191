#include "crm/remind.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>

#include "crm/error.h"
#include "crm/followups.h"
#include "records/session_state.h"
#include "unit/reminders/remind_database.h"

using namespace crm;
using Texts = std::vector<std::string>;

namespace {

// Two owners with a manager, a team with a lead, and a lead of each.
struct Company : RemindDatabase {
  explicit Company(const std::string& workflow = {}) : RemindDatabase(workflow) {
    add(Kind::user, {{"name", "chen"}, {"email", "chen@example.com"}, {"team", "east"}});
    add(Kind::user, {{"name", "li"}, {"email", "li@example.com"}, {"manager", "chen"}, {"team", "east"}});
    add(Kind::user,
        {{"name", "wang"}, {"email", "wang@example.com"}, {"manager", "chen"}, {"language", "zh"}});
    edit(session(), {Kind::team, 1}, std::vector<FieldText>{{"lead", "chen"}});
    add(Kind::lead, {{"name", "王芳"}, {"owner", "li"}});
    add(Kind::lead, {{"name", "Acme"}, {"owner", "wang"}});
    add(Kind::lead, {{"name", "pool"}, {"team", "east"}});
  }
};

std::string workflow(const std::string& reminder,
                     const std::string& body = "{{#each rows}}{{record}} {{/each}}") {
  return "workflow: test\nreminders:\n  - {name: r, for: followup, when: due_at < now and done_at is null, "
         "template: t, " +
         reminder + "}\ntemplates:\n  t: {subject: \"{{name}}: {{count}}\", body: \"" + body + "\"}\n";
}

}  // namespace

TEST_CASE("nothing due: no message") {
  Company company;
  company.plan(1, "2026-03-02 10:00", "li");  // due now is not overdue
  company.plan(1, "2026-03-05 10:00", "li");
  CHECK(company.made() == 0);
  CHECK(company.shown().empty());
}

TEST_CASE("one message per person and day, whatever the hour and however often") {
  Company company;
  company.plan(1, "2026-03-01 09:00", "li");
  company.plan(1, "2026-02-27 09:00", "li");
  company.plan(2, "2026-03-01 09:00", "wang");
  CHECK(company.made() == 2);
  CHECK(company.made() == 0);
  company.at("2026-03-02 00:00");
  CHECK(company.made() == 0);
  company.at("2026-03-02 23:59");
  CHECK(company.made() == 0);
  company.at("2026-03-03 00:00");
  CHECK(company.made() == 2);
  // A clock that was set back makes no second message of a day.
  company.at("2026-03-02 12:00");
  CHECK(company.made() == 0);
  CHECK(company.keys() == Texts{"overdue-followups/3/2026-03-02", "overdue-followups/3/2026-03-03",
                                "overdue-followups/4/2026-03-02", "overdue-followups/4/2026-03-03"});
}

TEST_CASE("a digest lists what is overdue in the recipient's language, most overdue first") {
  Company company;
  const auto second = company.plan(1, "2026-03-01 09:00", "li");
  company.plan(1, "2026-02-27 09:00", "li");
  edit(company.session(), {Kind::followup, second}, std::vector<FieldText>{{"note", "two\nlines"}});
  company.plan(2, "2026-03-02 08:30", "wang");
  const std::vector<Message> messages = company.shown();
  REQUIRE(messages.size() == 2);
  CHECK(messages[0].person == "li");
  CHECK(messages[0].address == "li@example.com");
  CHECK(messages[0].subject == "Overdue follow-ups: 2");
  CHECK(
      messages[0].body.find("- 2026-02-27 09:00, 3 days ago: call 王芳 (lead/1) [followup/2]\n"
                            "- 2026-03-01 09:00, 1 day ago: call 王芳 (lead/1): two lines [followup/1]\n") !=
      std::string::npos);
  CHECK(messages[1].subject == "1 条跟进已逾期");
  CHECK(messages[1].body.find("- 2026-03-02 08:30 逾期 1 小时：电话 Acme（lead/2） [followup/3]\n") !=
        std::string::npos);
}

TEST_CASE("moments are in the recipient's time zone") {
  Company company;
  edit(company.session(), {Kind::user, 3}, std::vector<FieldText>{{"timezone", "America/New_York"}});
  company.plan(1, "2026-03-01 09:00", "li");
  CHECK(company.shown()[0].body.find("- 2026-02-28 20:00, 1 day ago") != std::string::npos);
}

TEST_CASE("a dry run shows what a run then makes, and changes nothing") {
  Company company;
  company.plan(1, "2026-03-01 09:00", "li");
  const std::vector<Message> shown = company.shown();
  CHECK(company.keys().empty());
  company.run(to_sink());
  REQUIRE(company.sink.messages.size() == 1);
  CHECK(company.sink.messages[0].body == shown[0].body);
  CHECK(company.sink.messages[0].key == shown[0].key);
  CHECK(company.shown().empty());
}

TEST_CASE("what was made without a channel is delivered by the next run with one, once") {
  Company company;
  company.plan(1, "2026-03-01 09:00", "li");
  CHECK(company.made() == 1);
  CHECK(company.shown(to_sink()).size() == 1);
  CHECK(company.run(to_sink()).delivery.sent == 1);
  CHECK(company.run(to_sink()).delivery.sent == 0);
  CHECK(company.sink.messages.size() == 1);
}

TEST_CASE("only one person's messages") {
  Company company;
  company.plan(1, "2026-03-01 09:00", "li");
  company.plan(2, "2026-03-01 09:00", "wang");
  RemindOptions options = to_sink();
  options.to = "wang";
  CHECK(company.run(options).delivery.sent == 1);
  CHECK(company.sink.messages[0].person == "wang");
  CHECK(company.made() == 1);
  options.to = "nobody";
  CHECK_THROWS_AS(company.run(options), Error);
}

TEST_CASE("who has left is replaced by the manager, who gets one message") {
  Company company;
  company.plan(1, "2026-03-01 09:00", "li");
  company.plan(1, "2026-02-01 09:00", "chen");
  company.plan(2, "2026-02-20 09:00", "wang");
  edit(company.session(), {Kind::user, 3}, std::vector<FieldText>{{"active", "no"}});
  edit(company.session(), {Kind::user, 4}, std::vector<FieldText>{{"active", "no"}});
  const std::vector<Message> messages = company.shown();
  REQUIRE(messages.size() == 1);
  CHECK(messages[0].person == "chen");
  CHECK(messages[0].body.find(
            "[followup/2]\n- 2026-02-20 09:00, 10 days ago: call Acme (lead/2), owner wang [followup/3]\n"
            "- 2026-03-01 09:00, 1 day ago: call 王芳 (lead/1), owner li [followup/1]\n") !=
        std::string::npos);
  // The manager has gone too.
  edit(company.session(), {Kind::user, 2}, std::vector<FieldText>{{"active", "no"}});
  RemindOptions options;
  options.explain = true;
  const RemindResult result = company.run(options);
  CHECK(result.made == 0);
  CHECK(result.skipped.size() == 3);
}

TEST_CASE("what reaches nobody is told at every run, and goes to the leader of the team first") {
  Company company;
  edit(company.session(), {Kind::user, 3}, std::vector<FieldText>{{"manager", ""}, {"team", ""}});
  company.plan(1, "2026-03-01 09:00", "li");
  edit(company.session(), {Kind::user, 3}, std::vector<FieldText>{{"active", "no"}});
  const RemindResult result = company.run({});
  CHECK(result.made == 0);
  CHECK(result.skipped ==
        Texts{"overdue-followups: skipped 1 follow-up: owned by 'li', and nobody to take their place; 'crm "
              "user transfer li --to USER' hands them over"});
  RemindOptions of_chen = to_sink();
  of_chen.to = "chen";
  CHECK(company.run(of_chen).skipped.empty());
  company.add(Kind::team, {{"name", "far east"}, {"lead", "chen"}});
  edit(company.session(), {Kind::user, 3}, std::vector<FieldText>{{"team", "far east"}});
  CHECK(company.shown().size() == 1);
}

TEST_CASE("what has no owner goes to the lead of its team") {
  Company company;
  company.plan(3, "2026-03-01 09:00", "");
  company.plan(2, "2026-03-01 09:00", "");  // a lead without team
  RemindOptions options;
  options.explain = true;
  const RemindResult result = company.run(options);
  CHECK(result.made == 1);
  CHECK(company.keys() == Texts{"overdue-followups/2/2026-03-02"});
  CHECK(result.skipped ==
        Texts{"overdue-followups: skipped 1 follow-up: no owner, and nobody to take their place"});
}

TEST_CASE("nobody is reminded of a deleted plan, a settled one, or one about a deleted record") {
  Company company;
  const auto deleted = company.plan(1, "2026-03-01 09:00", "li");
  const auto done = company.plan(1, "2026-03-01 09:00", "li");
  company.plan(2, "2026-03-01 09:00", "wang");
  remove(company.session(), {Kind::followup, deleted});
  remove(company.session(), {Kind::lead, 2});
  const Param params[] = {done};
  company.session().state().connection->execute("UPDATE followup SET done_at = 1 WHERE id = $1", params);
  CHECK(company.made() == 0);
}

TEST_CASE("who is absent gets nothing until they are back") {
  Company company;
  company.plan(1, "2026-03-01 09:00", "li");
  edit(company.session(), {Kind::user, 3}, std::vector<FieldText>{{"absent_until", "2026-03-03"}});
  CHECK(company.made() == 0);
  company.at("2026-03-03 00:00");
  CHECK(company.made() == 1);
}

TEST_CASE("a person without address is named, and their message waits") {
  Company company;
  edit(company.session(), {Kind::user, 3}, std::vector<FieldText>{{"email", ""}});
  company.plan(1, "2026-03-01 09:00", "li");
  CHECK(company.run({}).delivery.without_address == Texts{"li"});
  CHECK(company.run({}).delivery.without_address.empty());
}

TEST_CASE("to the manager, the team's lead, or a person by name") {
  for (const auto& [person, key] :
       {std::pair("manager", "r/2/2026-03-02"), std::pair("team-lead", "r/2/2026-03-02"),
        std::pair("wang", "r/4/2026-03-02")}) {
    const std::string to = person;
    CAPTURE(to);
    Company company(workflow("every: day at 09:00, to: " + to));
    company.plan(1, "2026-03-01 09:00", "li");
    CHECK(company.made() == 1);
    CHECK(company.keys() == Texts{key});
  }
}

TEST_CASE("what has been overdue for long goes to the manager too") {
  Company company(workflow("every: day at 09:00, to: owner, escalate: {after: 2d, to: manager}"));
  company.plan(1, "2026-02-28 10:00", "li");  // two days: not longer
  company.plan(1, "2026-02-28 09:59", "li");
  company.plan(1, "2026-03-02 09:00", "chen");
  const std::vector<Message> messages = company.shown();
  REQUIRE(messages.size() == 2);
  CHECK(messages[0].person == "chen");
  CHECK(messages[0].body == "followup/2 followup/3\n");
  CHECK(messages[1].person == "li");
  CHECK(messages[1].body == "followup/2 followup/1\n");
}

TEST_CASE("what has matched only since lately is not for the manager yet, however old the record is") {
  Company company(
      "workflow: test\nstages: {lead: [{name: new}, {name: talked}, {name: won, outcome: won}]}\nreminders:\n"
      "  - {name: r, for: lead, when: \"stage = 'talked'\", to: owner, every: day at 09:00, "
      "escalate: {after: 2d, to: manager}, template: t}\n"
      "templates:\n  t: {subject: \"{{name}}\", body: \"{{#each rows}}{{record}} {{/each}}\"}\n");
  const auto told = [&](const std::string& now) {
    company.at(now);
    Texts people;
    for (const Message& message : company.shown()) people.push_back(message.person);
    return people;
  };
  const auto move = [&](const std::string& to) {
    edit(company.session(), {Kind::lead, 1}, std::vector<FieldText>{{"stage", to}});
  };
  company.at("2026-03-20 09:00");
  move("talked");
  CHECK(told("2026-03-20 10:00") == Texts{"li"});
  CHECK(told("2026-03-22 08:59") == Texts{"li"});
  edit(company.session(), {Kind::lead, 1}, std::vector<FieldText>{{"note", "another field"}});
  CHECK(told("2026-03-22 09:01") == Texts{"chen", "li"});
}

TEST_CASE("the period follows the rule's schedule") {
  struct Case {
    const char* every;
    const char* first;
    const char* same;
    const char* next;
    const char* period;
  };
  for (const Case& one :
       {Case{"15m", "2026-03-02 10:00", "2026-03-02 10:14", "2026-03-02 10:15", "2026-03-02T02:00:00Z"},
        Case{"mon at 09:00", "2026-03-02 08:00", "2026-03-08 23:00", "2026-03-09 00:00", "2026-03-02"},
        Case{"workday at 09:00", "2026-03-06 08:00", "2026-03-08 23:00", "2026-03-09 00:00", "2026-03-06"},
        Case{"month on 31 at 09:00", "2026-02-28 08:00", "2026-03-30 23:00", "2026-03-31 00:00",
             "2026-02-28"}}) {
    CAPTURE(one.every);
    Company company(workflow(std::string("every: ") + one.every + ", to: owner"));
    company.plan(1, "2026-02-01 09:00", "li");
    company.at(one.first);
    CHECK(company.made() == 1);
    CHECK(company.keys() == Texts{std::string("r/3/") + one.period});
    company.at(one.same);
    CHECK(company.made() == 0);
    company.at(one.next);
    CHECK(company.made() == 1);
  }
}

TEST_CASE("days are the workflow's, through changes of the clocks") {
  Company company("timezone: America/New_York\n" + workflow("every: day at 02:30, to: owner"));
  company.plan(1, "2026-01-01", "li");
  company.at("2026-03-08T04:59:59Z");  // 23:59:59 the day before
  CHECK(company.made() == 1);
  company.at("2026-03-08T05:00:00Z");
  CHECK(company.made() == 1);
  company.at("2026-03-09T03:59:59Z");  // the day of the gap has 23 hours
  CHECK(company.made() == 0);
  company.at("2026-03-09T04:00:00Z");
  CHECK(company.made() == 1);
}

TEST_CASE("a digest as HTML: the template's own, with the record's text escaped") {
  Company company;
  company.add(Kind::lead, {{"name", "<b>Acme</b>"}, {"owner", "wang"}});
  company.plan(4, "2026-03-01 09:00", "li");
  company.plan(4, "2026-03-01 09:00", "wang");
  REQUIRE(company.made() == 2);
  std::vector<std::string> html;
  company.session().state().connection->each("SELECT html FROM outbox ORDER BY person", {},
                                             [&](const Row& row) { html.emplace_back(row.text(0)); });
  REQUIRE(html.size() == 2);
  CHECK(html[0].find("<p>Hello li,</p>") != std::string::npos);
  CHECK(html[0].find("<td>&lt;b&gt;Acme&lt;/b&gt; (lead/4)</td>") != std::string::npos);
  CHECK(html[1].find("<p>wang，您好：</p>") != std::string::npos);
  CHECK(html[1].find("<th>应跟进</th>") != std::string::npos);
}

namespace {

// Delivery goes by the system's clock: hours that are far from it.
std::string at_quiet_hours() {
  const auto time = TimeZone::load("Asia/Shanghai").to_local(SystemClock().now()).time_of_day;
  const bool morning = time < std::chrono::hours(12);
  return std::string("every: day at 09:00, to: owner, hours: \"") +
         (morning ? "16:00-16:01" : "04:00-04:01") + '"';
}

void open_the_hours(Company& company) {
  company.session().state().connection->execute("UPDATE outbox SET hours = '00:00-24:00'", {});
}

std::vector<std::pair<std::string, std::string>> states(Company& company) {
  std::vector<std::pair<std::string, std::string>> found;
  company.session().state().connection->each(
      "SELECT key, state FROM outbox ORDER BY id", {},
      [&](const Row& row) { found.emplace_back(row.text(0), row.text(1)); });
  return found;
}

}  // namespace

TEST_CASE("a reminder at a quiet hour waits; a later one takes its place") {
  Company company(workflow(at_quiet_hours()));
  company.plan(1, "2026-03-01 09:00", "li");
  CHECK(company.run(to_sink()).delivery.waiting == 1);
  CHECK(company.sink.messages.empty());
  company.at("2026-03-03 10:00");
  CHECK(company.run(to_sink()).delivery.waiting == 1);
  using States = std::vector<std::pair<std::string, std::string>>;
  CHECK(states(company) == States{{"r/3/2026-03-02", "cancelled"}, {"r/3/2026-03-03", "queued"}});
  open_the_hours(company);
  CHECK(company.run(to_sink()).delivery.sent == 1);
  CHECK(states(company) == States{{"r/3/2026-03-02", "cancelled"}, {"r/3/2026-03-03", "sent"}});
}

TEST_CASE("a clock set ahead and back loses no message and doubles none") {
  Company company(workflow(at_quiet_hours()));
  using States = std::vector<std::pair<std::string, std::string>>;
  const States ahead{{"r/3/2026-03-05", "queued"}};
  company.plan(1, "2026-03-01 09:00", "li");
  company.at("2026-03-05 09:30");
  CHECK(company.made() == 1);
  company.at("2026-03-04 09:30");
  CHECK(company.made() == 0);
  CHECK(states(company) == ahead);
  company.at("2026-03-05 09:30");
  CHECK(company.made() == 0);
  CHECK(states(company) == ahead);
}

TEST_CASE("a message that was cancelled for nothing to say comes again when there is something") {
  Company company(workflow(at_quiet_hours()));
  const auto plan = company.plan(1, "2026-03-01 09:00", "li");
  CHECK(company.made() == 1);
  complete_followup(company.session(), {Kind::followup, plan}, {});
  open_the_hours(company);
  CHECK(company.made() == 0);
  company.plan(1, "2026-03-01 10:00", "li");
  CHECK(company.made() == 1);
}

TEST_CASE("what waited says what is so when it goes, and nothing where nothing is left to say") {
  Company company(workflow(at_quiet_hours()));
  const auto first = company.plan(1, "2026-03-01 09:00", "li");
  company.plan(1, "2026-03-01 10:00", "li");
  company.plan(2, "2026-03-01 09:00", "wang");
  CHECK(company.made() == 2);
  complete_followup(company.session(), {Kind::followup, first}, {});
  complete_followup(company.session(), {Kind::followup, 3}, {});
  open_the_hours(company);
  company.run(to_sink());
  REQUIRE(company.sink.messages.size() == 1);
  CHECK(company.sink.messages[0].key == "r/3/2026-03-02");
  CHECK(company.sink.messages[0].body == "followup/2\n");
  CHECK(states(company)[1].second == "cancelled");
}

TEST_CASE("what a mail server did not take for days is one message, and says what is so when it goes") {
  Company company(workflow("every: day at 09:00, to: owner"));
  const auto first = company.plan(1, "2026-03-01 09:00", "li");
  company.plan(1, "2026-03-01 10:00", "li");
  company.plan(2, "2026-03-01 09:00", "wang");
  for (const char* day : {"2026-03-02 10:00", "2026-03-03 10:00", "2026-03-04 10:00"}) {
    company.at(day);
    CHECK(company.made() == 2);
    company.session().state().connection->execute("UPDATE outbox SET attempts = 1 WHERE state = 'queued'",
                                                  {});
  }
  complete_followup(company.session(), {Kind::followup, first}, {});
  complete_followup(company.session(), {Kind::followup, 3}, {});
  company.plan(1, "2026-03-04 09:00", "li");
  CHECK(company.run(to_sink()).delivery.sent == 1);
  REQUIRE(company.sink.messages.size() == 1);
  CHECK(company.sink.messages[0].key == "r/3/2026-03-04");
  CHECK(company.sink.messages[0].body == "followup/2 followup/4\n");
  std::map<std::string, int> counts;
  for (const auto& [key, state] : states(company)) ++counts[state];
  CHECK(counts == std::map<std::string, int>{{"cancelled", 5}, {"sent", 1}});
}

TEST_CASE("a digest that waits while others go says what is so when its turn comes") {
  Company company(workflow("every: day at 09:00, to: owner"));
  company.add(Kind::user, {{"name", "zhao"}, {"email", "zhao@example.com"}});
  const auto lis = company.plan(1, "2026-03-01 09:00", "li");
  const auto wangs = company.plan(1, "2026-03-01 09:00", "wang");
  company.plan(1, "2026-03-01 10:00", "wang");
  const auto zhaos = company.plan(1, "2026-03-01 09:00", "zhao");
  CHECK(company.made() == 3);
  // While the first is handed over, others work.
  struct Colleagues final : MessageSink {
    std::vector<std::string> bodies;
    std::function<void()> work;
    void message(const Message& message) override {
      bodies.push_back(message.body);
      if (bodies.size() == 1) work();
    }
  } colleagues;
  colleagues.work = [&] {
    for (const std::int64_t done : {wangs, zhaos})
      complete_followup(company.session(), {Kind::followup, done}, {});
  };
  ChannelOptions channel;
  channel.name = "stdout";
  CHECK(flush_outbox(company.session(), channel, colleagues).sent == 2);
  CHECK(colleagues.bodies ==
        std::vector<std::string>{"followup/" + std::to_string(lis) + "\n", "followup/3\n"});
  CHECK(states(company)[2].second == "cancelled");
}

TEST_CASE("what was made just now is made anew only after a change, and for the moment it was made for") {
  Company company(workflow("every: day at 09:00, to: owner"));
  const auto first = company.plan(1, "2026-03-05 09:00", "li");
  company.plan(1, "2026-03-05 09:30", "li");
  company.at("2026-03-06 10:00");
  CHECK(company.made() == 1);
  company.at("2026-03-02 10:00");  // nothing is overdue yet by this clock
  const auto body = [&] {
    return company.session().state().connection->query_text("SELECT body FROM outbox WHERE state = 'queued'");
  };
  refresh_waiting(company.session());
  CHECK(body() == "followup/1 followup/2\n");
  acknowledge_followup(company.session(), {Kind::followup, first});
  refresh_waiting(company.session());
  CHECK(body() == "followup/2\n");
  remove(company.session(), {Kind::lead, 1});
  refresh_waiting(company.session());
  CHECK_FALSE(body());
  CHECK(states(company)[0].second == "cancelled");
}

TEST_CASE("what waits for somebody who left goes to the manager above who has not") {
  Company company(workflow("every: day at 09:00, to: owner", "{{#each rows}}{{record}}{{whose}} {{/each}}"));
  company.add(Kind::user, {{"name", "boss"}, {"email", "boss@example.com"}});
  edit(company.session(), {Kind::user, 2}, std::vector<FieldText>{{"manager", "boss"}});
  company.plan(1, "2026-03-01 09:00", "li");
  company.plan(2, "2026-03-01 09:00", "wang");
  CHECK(company.made() == 2);
  for (const std::int64_t leaver : {2, 3})
    edit(company.session(), {Kind::user, leaver}, std::vector<FieldText>{{"active", "no"}});
  CHECK(company.run(to_sink()).delivery.sent == 2);
  REQUIRE(company.sink.messages.size() == 2);
  const auto to_boss = std::find_if(company.sink.messages.begin(), company.sink.messages.end(),
                                    [](const Message& message) { return message.person == "boss"; });
  REQUIRE(to_boss != company.sink.messages.end());
  CHECK(to_boss->body == "followup/1li\n");
}

TEST_CASE("the day of a digest is its reader's") {
  Company company(workflow("every: day at 09:00, to: owner", "{{date}} {{#each rows}}{{due_at}}{{/each}}"));
  edit(company.session(), {Kind::user, 3}, std::vector<FieldText>{{"timezone", "America/New_York"}});
  company.plan(1, "2026-03-02 09:00", "li");
  CHECK(company.shown()[0].body == "2026-03-01 2026-03-01 20:00\n");
}

TEST_CASE("text of a record is never read as a template") {
  Company company(workflow("every: day at 09:00, to: owner", "{{#each rows}}{{about_name}}{{/each}}"));
  company.add(Kind::lead, {{"name", "{{count}} {{#each rows}}"}});
  company.plan(4, "2026-03-01 09:00", "li");
  CHECK(company.shown()[0].body == "{{count}} {{#each rows}}\n");
}

TEST_CASE("an owner's overdue follow-ups come from the index of open ones, in its order") {
  Company company;
  Connection& connection = *company.session().state().connection;
  // The shape of what MatchingRows asks.
  std::string plan;
  connection.each(
      "EXPLAIN QUERY PLAN SELECT r.id FROM followup r WHERE r.owner = 2 AND r.deleted_at IS NULL AND "
      "(r.due_at < 5 AND r.done_at IS NULL AND r.at IS NULL) "
      "ORDER BY r.due_at, r.id",
      {}, [&](const Row& row) { plan += std::string(row.text(3)) + '\n'; });
  CHECK(plan == "SEARCH r USING INDEX followup_open (owner=? AND due_at<?)\n");
}
