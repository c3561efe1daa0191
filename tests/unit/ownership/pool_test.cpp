#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "crm/ownership.h"
#include "crm/workflow.h"
#include "records/session_state.h"
#include "unit/desk.h"

using namespace crm;
using crm::test::Desk;

namespace {

void apply_body(Desk& desk, const std::string& body) {
  apply_workflow(desk.session(), "workflow: a\n" + body, "a.yaml");
}

// "message; hint" of what was refused, or "".
template <typename Action>
std::string refusal(Action action) {
  try {
    action();
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::invalid);
    return error.message() + "; " + error.hint();
  }
  return "";
}

std::string claimed(Desk& desk, RecordId lead) {
  return refusal([&] { claim(desk.session(), lead); });
}

}  // namespace

TEST_CASE("claims have a limit a day, by the workflow's day") {
  Desk desk;
  desk.user("li");
  std::vector<RecordId> leads;
  for (int i = 0; i < 4; ++i) leads.push_back(desk.lead("x"));
  apply_body(desk, "pool: {lead: {claims-per-day: 2}}\n");
  desk.at("2026-03-02T23:00", "li");
  CHECK(claimed(desk, leads[0]).empty());
  CHECK(claimed(desk, leads[1]).empty());
  CHECK(claimed(desk, leads[1]).empty());  // has it already
  CHECK(claimed(desk, leads[2]) ==
        "lead/3 cannot be claimed: li has claimed 2 leads today, the most in a day; claim it tomorrow");
  desk.at("2026-03-03T00:01", "li");
  CHECK(claimed(desk, leads[2]).empty());
}

TEST_CASE("who holds enough claims no more, and a former owner waits") {
  Desk desk;
  desk.user("li");
  desk.user("wang");
  const RecordId a = desk.lead("a"), b = desk.lead("b");
  apply_body(desk, "pool: {lead: {hold: 1, cooling-off: 7d}}\n");
  desk.at("2026-03-02T11:00", "li");
  claim(desk.session(), a);
  CHECK(claimed(desk, b) ==
        "lead/2 cannot be claimed: li has 1 open lead, the most that one may have; finish some, or give "
        "some back with 'crm lead release'");
  release(desk.session(), a);
  CHECK(claimed(desk, b).empty());
  release(desk.session(), b);
  CHECK(claimed(desk, a) ==
        "lead/1 cannot be claimed: li had it until 2026-03-02 11:00; it is free again for li on 2026-03-09 "
        "11:00");
  desk.at("2026-03-02T12:00", "wang");
  CHECK(claimed(desk, a).empty());
  release(desk.session(), a);
  desk.at("2026-03-09T11:00", "li");
  CHECK(claimed(desk, a).empty());
}

TEST_CASE("what is taken out of the pool for oneself is a claim, whatever the verb") {
  Desk desk;
  desk.add(Kind::user, {{"name", "li"}, {"role", "rep"}});
  desk.add(Kind::user, {{"name", "dong"}, {"role", "director"}});
  std::vector<RecordId> leads;
  for (int i = 0; i < 5; ++i) leads.push_back(desk.lead("x"));
  apply_body(
      desk,
      "pool: {lead: {claims-per-day: 2, cooling-off: 7d}}\n"
      "roles: {rep: {see: own, edit: own}, director: {see: all, edit: all}, admin: {see: all, edit: all}}\n");
  const std::vector<FieldText> mine = {{"owner", "li"}};
  const auto take = [&](RecordId lead) { return refusal([&] { edit(desk.session(), lead, mine); }); };
  desk.at("2026-03-02T11:00", "li");
  CHECK(take(leads[0]).empty());
  CHECK(refusal([&] { assign(desk.session(), leads[1], "li"); }).empty());
  const std::string too_many =
      "lead/3 cannot be claimed: li has claimed 2 leads today, the most in a day; claim it tomorrow";
  CHECK(take(leads[2]) == too_many);
  CHECK(refusal([&] { assign(desk.session(), leads[2], "li"); }) == too_many);
  CHECK(claimed(desk, leads[2]) == too_many);
  // A moment that the command names is not another day.
  desk.session().state().now += std::chrono::days(1);
  CHECK(claimed(desk, leads[2]) == too_many);
  desk.at("2026-03-03T11:00", "li");
  release(desk.session(), leads[0]);
  CHECK(take(leads[0]).starts_with("lead/1 cannot be claimed: li had it until 2026-03-03 11:00"));
  CHECK(refusal([&] {
          undo(desk.session(), std::nullopt);
        }).starts_with("lead/1 cannot be claimed: li had it until"));
  // Who gives out the pool's records takes them as they like, unless they claim them.
  desk.at("2026-03-03T12:00", "dong");
  const std::vector<FieldText> theirs = {{"owner", "dong"}};
  for (const int i : {0, 2, 3}) edit(desk.session(), leads[static_cast<std::size_t>(i)], theirs);
  CHECK(claimed(desk, leads[4]).empty());
}

TEST_CASE("what is not followed up goes back, by level, after a warning, each once") {
  Desk desk;
  const RecordId li = desk.add(Kind::user, {{"name", "li"}, {"email", "li@example.com"}});
  apply_body(desk, R"(fields: {lead: {level: {type: choice, choices: [A, B]}}}
pool:
  lead:
    recycle:
      - {when: "level = 'A'", after: 30d, warn: 5d}
      - {when: "source <> 'key' or source is null", after: 15d, warn: 3d}
)");
  const RecordId a = desk.lead("a", {{"owner", "li"}, {"level", "A"}});
  const RecordId b = desk.lead("b", {{"owner", "li"}});
  const RecordId kept = desk.lead("kept", {{"owner", "li"}, {"source", "key"}});
  const RecordId talked = desk.lead("talked", {{"owner", "li"}});
  desk.lead("pooled");
  desk.at("2026-03-10T09:00");
  desk.add(Kind::followup, {{"about", to_string(talked)}, {"type", "call"}, {"at", "2026-03-10T09:00"}});
  const auto run = [&](const char* now) {
    desk.at(now);
    return recycle_due(desk.session());
  };
  CHECK(run("2026-03-14T09:59").warned.empty());
  CHECK(run("2026-03-14T10:00").warned == std::vector{b});
  CHECK(run("2026-03-14T10:01").warned.empty());
  CHECK(run("2026-03-17T09:59").released.empty());
  CHECK(run("2026-03-17T10:00").released == std::vector{b});
  CHECK(run("2026-03-17T10:00").released.empty());
  CHECK(desk.text(b, "owner").empty());
  CHECK(run("2026-03-24T10:00").warned == std::vector{talked});
  // Nobody looked while the warning for the other one was due: its owner has the promised days from now on.
  const Recycling later = run("2026-04-01T10:00");
  CHECK(later.released == std::vector{talked});
  CHECK(later.warned == std::vector{a});
  CHECK(run("2026-04-05T23:59").released.empty());
  CHECK(run("2026-04-06T00:00").released == std::vector{a});
  CHECK(desk.text(kept, "owner") == "li");
  const auto messages = desk.session().state().connection->query_integer(
      "SELECT count(*) FROM outbox WHERE rule = 'pool-lead'");
  CHECK(messages == 3);
  CHECK(li.id == 2);
}

TEST_CASE("a warning says what goes back, in the recipient's language") {
  Desk desk;
  desk.add(Kind::user, {{"name", "王"}, {"email", "wang@example.com"}, {"language", "zh"}});
  apply_body(desk, "pool: {lead: {recycle: [{after: 10d, warn: 2d}]}}\n");
  desk.lead("张三", {{"owner", "王"}});
  desk.at("2026-03-10T10:00");
  recycle_due(desk.session());
  Connection& connection = *desk.session().state().connection;
  CHECK(connection.query_text("SELECT subject FROM outbox") == "1 条记录即将退回公海");
  CHECK(connection.query_text("SELECT body FROM outbox")->find("- 张三，8天没有跟进 [lead/1]") !=
        std::string::npos);
}
