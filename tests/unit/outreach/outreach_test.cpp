#include "crm/outreach.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>

#include "crm/channels.h"
#include "crm/consent.h"
#include "crm/workflow.h"
#include "records/session_state.h"
#include "unit/desk.h"

using namespace crm;
using crm::test::CollectedRows;
using crm::test::Desk;
using crm::test::error_code;

namespace {

using Texts = std::vector<std::string>;
using Reasons = std::map<std::string, std::string>;  // by the person's name

constexpr const char* kWorkflow = R"(workflow: outreach
templates:
  spring: {subject: "Hello {{name}}", body: "Dear {{name}}\n", html: "<p>Dear {{name}}</p>"}
  wrong: {subject: "{{stage}}", body: "b"}
)";

// A desk with templates; people are contacts.
class Office : public Desk {
 public:
  Office() { apply_workflow(session(), kWorkflow, "outreach.yaml"); }

  // Agrees to newsletters unless `agrees` is false.
  RecordId contact(const std::string& name, const std::string& email, bool agrees = true) {
    const RecordId person = add(Kind::contact, {{"name", name}, {"email", email}, {"role", "user"}});
    if (agrees) say(person, true);
    return person;
  }
  void say(const std::optional<RecordId>& person, bool given, const std::string& purpose = "newsletter",
           const std::string& address = {}) {
    ConsentStatement statement;
    statement.person = person;
    statement.address = address;
    statement.purpose = purpose;
    statement.given = given;
    const ConsentStatement statements[] = {statement};
    state_consent(session(), statements);
  }

  static Outreach spring(const std::string& segment = "role = 'user'") {
    Outreach outreach;
    outreach.name = "spring";
    outreach.kind = Kind::contact;
    outreach.segment = segment;
    outreach.template_name = "spring";
    return outreach;
  }
  std::int64_t open_messages() {
    return session().state().connection->query_integer("SELECT count(*) FROM outbox").value_or(-1);
  }
};

Texts recipients(const OutreachPreview& preview) {
  Texts names;
  for (const Message& message : preview.messages) names.push_back(message.person);
  return names;
}

Reasons left_out(const OutreachPreview& preview) {
  Reasons reasons;
  for (const LeftOut& one : preview.left_out) reasons[one.name] = one.reason;
  return reasons;
}

}  // namespace

TEST_CASE("a segment narrows to the records of its kind for which the expression holds") {
  Office office;
  office.contact("A", "a@example.org");
  const RecordId gone = office.contact("B", "b@example.org");
  office.add(Kind::contact, {{"name", "C"}, {"email", "c@example.org"}, {"role", "influencer"}});
  remove(office.session(), gone);
  CHECK(recipients(preview_outreach(office.session(), Office::spring())) == Texts{"A"});

  add_segment(office.session(), {"users", Kind::contact, "role = 'user'"});
  const OutreachPreview preview = preview_outreach(office.session(), Office::spring("users"));
  CHECK(recipients(preview) == Texts{"A"});
  CHECK(preview.matched == 1);
  CollectedRows shown;
  show_segment(office.session(), "users", shown);
  CHECK(shown.rows.at(0).at("records") == "1");

  // One of another kind, an unknown field, a name that is none, one that is there.
  add_segment(office.session(), {"firms", Kind::customer, "level = 'A'"});
  CHECK(error_code([&] { preview_outreach(office.session(), Office::spring("firms")); }) == 2);
  CHECK(error_code([&] { preview_outreach(office.session(), Office::spring("nothing = 1")); }) == 4);
  CHECK(error_code([&] { add_segment(office.session(), {"x", Kind::contact, "stage = 'new'"}); }) == 4);
  CHECK(error_code([&] { add_segment(office.session(), {"No Name", Kind::contact, "role = 'user'"}); }) == 2);
  CHECK(error_code([&] { add_segment(office.session(), {"users", Kind::contact, "role = 'user'"}); }) == 6);
  remove_segment(office.session(), "users");
  CHECK(error_code([&] { remove_segment(office.session(), "users"); }) == 3);
}

TEST_CASE("who is left out, and why") {
  Office office;
  office.contact("agrees", "a@example.org");
  office.contact("said nothing", "b@example.org", false);
  office.say(office.contact("withdrew", "c@example.org"), false);
  office.say(office.contact("blocked", "d@example.org"), false, kAnyContact);
  office.contact("no address", "", false);
  office.say(RecordId{Kind::contact, 5}, true);
  office.contact("same address", "A@Example.org");
  office.contact("opted out elsewhere", "e@example.org");
  office.say(std::nullopt, false, "newsletter", "E@example.org");
  const OutreachPreview preview = preview_outreach(office.session(), Office::spring());
  CHECK(recipients(preview) == Texts{"agrees"});
  CHECK(left_out(preview) == Reasons{{"said nothing", "no consent"},
                                     {"withdrew", "consent withdrawn"},
                                     {"blocked", "do not contact"},
                                     {"no address", "no address"},
                                     {"same address", "duplicate address"},
                                     {"opted out elsewhere", "consent withdrawn"}});
  CHECK(preview.matched == 7);
  CHECK(preview.messages[0].subject == "Hello agrees");
}

TEST_CASE("an opt-out wins, even over what is agreed to at the same moment or for another purpose") {
  Office office;
  const RecordId person = office.contact("A", "a@example.org", false);
  ConsentStatement given{person, {}, "newsletter", true, "2026-03-01"};
  ConsentStatement withdrawn{person, {}, "newsletter", false, "2026-03-01"};
  const ConsentStatement both[] = {withdrawn, given};
  state_consent(office.session(), both);
  CHECK(left_out(preview_outreach(office.session(), Office::spring()))["A"] == "consent withdrawn");
  office.say(person, true);
  CHECK(recipients(preview_outreach(office.session(), Office::spring())) == Texts{"A"});
  office.say(person, false, kAnyContact);
  office.say(person, true);
  CHECK(left_out(preview_outreach(office.session(), Office::spring()))["A"] == "do not contact");
}

TEST_CASE("a send is bound to the digest and the count of the preview") {
  Office office;
  const RecordId a = office.contact("A", "a@example.org");
  office.contact("B", "b@example.org");
  Session& session = office.session();
  const std::string confirm = preview_outreach(session, Office::spring()).confirm;
  CHECK(confirm.ends_with("-2"));
  CHECK(preview_outreach(session, Office::spring()).confirm == confirm);
  const auto refused = [&] { return error_code([&] { send_outreach(session, "spring", confirm); }) == 6; };

  // Another text, another address, one more, one fewer: each is another send.
  const FieldText renamed[] = {{"name", "Anna"}};
  edit(session, a, renamed);
  CHECK(refused());
  const FieldText back[] = {{"name", "A"}};
  edit(session, a, back);
  const FieldText moved[] = {{"email", "a2@example.org"}};
  edit(session, a, moved);
  CHECK(refused());
  const FieldText home[] = {{"email", "a@example.org"}};
  edit(session, a, home);
  const RecordId third = office.contact("C", "c@example.org");
  CHECK(refused());
  remove(session, third);
  office.say(a, false);
  CHECK(refused());
  office.say(a, true);
  CHECK(error_code([&] { send_outreach(session, "spring", "4f9c81d2-2"); }) == 6);
  CHECK(error_code([&] { send_outreach(session, "summer", confirm); }) == 3);
  CHECK(office.open_messages() == 0);

  CHECK(send_outreach(session, "spring", confirm) == 2);
  CHECK(office.open_messages() == 2);
  // Everybody has it: nothing is left to send, whatever is confirmed.
  CHECK(refused());
  const OutreachPreview again = preview_outreach(session, Office::spring());
  CHECK(again.messages.empty());
  CHECK(left_out(again)["A"] == "has it already");
}

TEST_CASE("caps: of a run, and of one person over all outreach") {
  Office office;
  for (const char* name : {"A", "B", "C"}) office.contact(name, std::string(name) + "@example.org");
  Session& session = office.session();
  Outreach outreach = Office::spring();
  outreach.most = 2;
  const OutreachPreview first = preview_outreach(session, outreach);
  CHECK(recipients(first) == Texts{"A", "B"});
  CHECK(left_out(first)["C"] == "cap of this run");
  send_outreach(session, "spring", first.confirm);
  // The next run of the same outreach goes on where this one ended.
  CHECK(recipients(preview_outreach(session, outreach)) == Texts{"C"});

  Outreach summer = Office::spring();
  summer.name = "summer";
  const OutreachPreview other = preview_outreach(session, summer);
  CHECK(recipients(other) == Texts{"C"});
  CHECK(left_out(other)["A"] == "frequency cap");
  summer.per_person = 2;
  CHECK(recipients(preview_outreach(session, summer)) == Texts{"A", "B", "C"});
  // What was cancelled counts for nothing.
  summer.per_person = 1;
  session.state().connection->execute("UPDATE outbox SET state = 'cancelled'", {});
  CHECK(recipients(preview_outreach(session, summer)) == Texts{"A", "B", "C"});
  for (std::int64_t Outreach::*cap : {&Outreach::most, &Outreach::per_person, &Outreach::per_days}) {
    Outreach none = Office::spring();
    none.*cap = 0;
    CHECK(error_code([&] { preview_outreach(session, none); }) == 2);
  }
}

TEST_CASE("caps go by address: somebody who is there twice gets no more than others") {
  Office office;
  Session& session = office.session();
  office.contact("A", "a@example.org");
  send_outreach(session, "spring", preview_outreach(session, Office::spring()).confirm);
  office.say(office.add(Kind::lead, {{"name", "A2"}, {"email", "A@Example.org"}}), true);
  Outreach to_leads = Office::spring("name is not null");
  to_leads.kind = Kind::lead;
  // The same outreach, to another kind.
  CHECK(left_out(preview_outreach(session, to_leads))["A2"] == "duplicate address");
  to_leads.name = "summer";
  CHECK(left_out(preview_outreach(session, to_leads))["A2"] == "frequency cap");
  to_leads.per_person = 2;
  CHECK(recipients(preview_outreach(session, to_leads)) == Texts{"A2"});
  session.state().connection->execute("UPDATE outbox SET state = 'cancelled'", {});
  to_leads.per_person = 1;
  CHECK(recipients(preview_outreach(session, to_leads)) == Texts{"A2"});
  CHECK(left_out(preview_outreach(session, Office::spring()))["A"] == "its message was cancelled");
}

TEST_CASE("a message goes to the address that the preview showed, or to nobody") {
  Office office;
  Session& session = office.session();
  office.contact("A", "a@example.org");
  const RecordId b = office.contact("B", "b@example.org");
  const RecordId c = office.contact("C", "c@example.org");
  send_outreach(session, "spring", preview_outreach(session, Office::spring()).confirm);
  edit(session, b, std::vector<FieldText>{{"email", "a@example.org"}});
  edit(session, c, std::vector<FieldText>{{"email", "C@Example.org"}});  // the same
  struct : MessageSink {
    Texts got;
    void message(const Message& message) override { got.push_back(message.address); }
  } sink;
  ChannelOptions channel;
  channel.name = "stdout";
  CHECK(flush_outbox(session, channel, sink).sent == 2);
  CHECK(sink.got == Texts{"a@example.org", "C@Example.org"});
  CollectedRows shown;
  show_message(session, 2, shown);
  CHECK(shown.rows[0].at("state") == "cancelled");
  CHECK(shown.rows[0].at("reply").find("'b@example.org'") != std::string::npos);
}

TEST_CASE("outreach never goes to a web hook: a group of people reads along") {
  Office office;
  Session& session = office.session();
  office.contact("A", "a@example.org");
  const std::string confirm = preview_outreach(session, Office::spring()).confirm;
  ChannelSettings robot;
  robot.name = "robot";
  robot.type = "webhook";
  robot.format = "wecom";
  robot.target = "env:ROBOT_URL";
  add_channel(session, robot);
  CHECK(error_code([&] { preview_outreach(session, Office::spring()); }) == 4);  // the only one: the default
  CHECK(error_code([&] { send_outreach(session, "spring", confirm); }) == 4);
  Outreach outreach = Office::spring();
  outreach.via = "robot";
  CHECK(error_code([&] { preview_outreach(session, outreach); }) == 4);
  CHECK(office.open_messages() == 0);
}

TEST_CASE("a sandbox sends nothing, but shows what it would") {
  Office office;
  office.contact("A", "a@example.org");
  set_sandbox(office.session(), true);
  const OutreachPreview preview = preview_outreach(office.session(), Office::spring());
  CHECK(preview.messages.size() == 1);
  CHECK(error_code([&] { send_outreach(office.session(), "spring", preview.confirm); }) == 5);
  CHECK(error_code([&] { test_outreach(office.session(), "spring"); }) == 5);
  CHECK(office.open_messages() == 0);
}

TEST_CASE("where what people said cannot be read, nothing is made") {
  Office office;
  office.contact("A", "a@example.org");
  const std::string confirm = preview_outreach(office.session(), Office::spring()).confirm;
  office.session().state().connection->run_script("ALTER TABLE consent RENAME TO lost");
  CHECK(error_code([&] { send_outreach(office.session(), "spring", confirm); }) != 0);
  CHECK(error_code([&] { preview_outreach(office.session(), Office::spring()); }) != 0);
  CHECK(office.open_messages() == 0);
}

TEST_CASE("a test goes to whoever asks, any number of times, and counts for nothing") {
  Office office;
  office.contact("A", "a@example.org");
  preview_outreach(office.session(), Office::spring());
  for (int i = 0; i < 2; ++i) {
    const Message test = test_outreach(office.session(), "spring");
    CHECK(test.subject == "[test] Hello A");
    CHECK(test.person == "admin");
  }
  CHECK(office.open_messages() == 2);
  CHECK(recipients(preview_outreach(office.session(), Office::spring())) == Texts{"A"});
  // Nobody agreed: the names of the fields stand for them.
  preview_outreach(office.session(), Office::spring("role = 'other'"));
  CHECK(test_outreach(office.session(), "spring").subject == "[test] Hello [name]");
}

TEST_CASE("names and purposes that are none, and templates that do not fit") {
  Office office;
  const auto code = [&](auto change) {
    Outreach outreach = Office::spring();
    change(outreach);
    return error_code([&] { preview_outreach(office.session(), outreach); });
  };
  CHECK(code([](Outreach& one) { one.name = "Spring 2026"; }) == 2);
  CHECK(code([](Outreach& one) { one.kind = Kind::user; }) == 2);
  CHECK(code([](Outreach& one) { one.segment = ""; }) == 2);
  CHECK(code([](Outreach& one) { one.purpose = kAnyContact; }) == 4);
  CHECK(code([](Outreach& one) { one.purpose = "a\r\nBcc: b@c.d"; }) == 4);
  CHECK(code([](Outreach& one) { one.purpose = "special_offers"; }) == 0);
  CHECK(code([](Outreach& one) { one.via = "pigeon"; }) == 3);
  CHECK(code([](Outreach& one) { one.template_name = "sprint"; }) == 3);
  CHECK(code([](Outreach& one) { one.template_name = "wrong"; }) == 4);
}

TEST_CASE("who set up segments and sent outreach stands in the change log") {
  Office office;
  office.contact("A", "a@example.org");
  Session& session = office.session();
  const auto changes = [&] {
    CollectedRows rows;
    log(session, {}, rows);
    return rows.rows.size();
  };
  const std::size_t before = changes();
  add_segment(session, {"users", Kind::contact, "role = 'user'"});
  const std::string confirm = preview_outreach(session, Office::spring("users")).confirm;
  send_outreach(session, "spring", confirm);
  remove_segment(session, "users");
  CHECK(changes() == before + 4);
  CHECK(verify(session).problems.empty());
  // They touch no record: undo passes over them, and says so of one that is named.
  const auto last = session.state().connection->query_integer("SELECT max(id) FROM change");
  CHECK(error_code([&] { undo(session, last); }) == 6);
  CHECK(undo(session, std::nullopt).front().kind == Kind::consent);
}
