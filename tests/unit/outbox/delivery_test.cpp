#include "outbox/delivery.h"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "crm/error.h"
#include "outbox/lease.h"
#include "outbox/left_behind.h"
#include "outbox/waiting.h"
#include "unit/outbox/test_outbox.h"

using namespace crm;
using Keys = std::vector<std::string>;

namespace {

Delivery run(TestOutbox& outbox, const DeliveryScope& scope = {}, SenderOptions options = {}) {
  options.lease = lease_of_this_process();
  return Sender(*outbox.connection, outbox.channel, outbox.clock, options).run(scope);
}

// What another sender left when it had taken the message.
void leave_leased(TestOutbox& outbox, const std::string& key, const std::string& lease,
                  std::chrono::seconds until) {
  const Param params[] = {key, lease, std::int64_t{(outbox.clock.at + until).time_since_epoch().count()}};
  outbox.connection->execute(
      "UPDATE outbox SET state = 'sending', lease = $2, lease_until = $3 WHERE key = $1", params);
}

// Of a child that has ended, and whose exit code nobody has asked for yet.
std::string lease_of_an_ended_child(pid_t& child) {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  child = ::fork();
  if (child == 0) {
    const std::string lease = lease_of_this_process();
    const ssize_t written = ::write(ends[1], lease.data(), lease.size());
    ::_exit(written == static_cast<ssize_t>(lease.size()) ? 0 : 1);
  }
  siginfo_t ended;
  ::waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED | WNOWAIT);
  char buffer[256];
  const ssize_t size = ::read(ends[0], buffer, sizeof buffer);
  ::close(ends[0]);
  ::close(ends[1]);
  REQUIRE(size > 0);
  return {buffer, static_cast<std::size_t>(size)};
}

std::string lease_of_a_dead_process() {
  pid_t child = 0;
  std::string lease = lease_of_an_ended_child(child);
  int status = 0;
  ::waitpid(child, &status, 0);
  return lease;
}

}  // namespace

TEST_CASE("a key is taken once, whatever became of its message") {
  TestOutbox outbox;
  CHECK(outbox.put("a"));
  CHECK_FALSE(outbox.put("a"));
  run(outbox);
  CHECK_FALSE(outbox.put("a"));
  CHECK(is_reminded(*outbox.connection, "a"));
  CHECK_FALSE(is_reminded(*outbox.connection, "b"));
}

TEST_CASE("open messages go out in order, each once") {
  TestOutbox outbox;
  for (const char* key : {"c", "a", "b"}) outbox.put(key);
  const Delivery delivery = run(outbox);
  CHECK(delivery.sent == 3);
  CHECK(outbox.channel.got == Keys{"c", "a", "b"});
  CHECK(outbox.state("a") == "sent");
  CHECK(outbox.text("address", "a") == "li@example.com");
  CHECK(outbox.text("channel", "a") == "test");
  CHECK(outbox.text("lease", "a") == "(none)");
  CHECK(run(outbox).sent == 0);
  CHECK(outbox.channel.got.size() == 3);
}

TEST_CASE("the scope limits by rule and by person") {
  TestOutbox outbox;
  outbox.put("a", 1);
  CHECK(run(outbox, {{"other"}, {}}).sent == 0);
  CHECK(run(outbox, {{"rule"}, 2}).sent == 0);
  CHECK(open_messages(*outbox.connection, {{"rule"}, 1}).size() == 1);
  CHECK(run(outbox, {{"other", "rule"}, 1}).sent == 1);
}

TEST_CASE("a person without address is named once, and the message stays open") {
  TestOutbox outbox;
  outbox.put("a", 2);
  outbox.put("b", 2);
  outbox.put("c", 1);
  const Delivery delivery = run(outbox);
  CHECK(delivery.sent == 1);
  CHECK(delivery.without_address == Keys{"wang"});
  CHECK(outbox.state("a") == "queued");
  CHECK(run(outbox).without_address.empty());
  outbox.put("d", 2);
  CHECK(run(outbox).without_address == Keys{"wang"});  // of a further message
  outbox.connection->run_script("UPDATE user SET email = 'wang@example.com' WHERE id = 2");
  CHECK(run(outbox).sent == 3);
}

TEST_CASE("a message to somebody who has left is cancelled") {
  TestOutbox outbox;
  outbox.put("a");
  outbox.connection->run_script("UPDATE user SET active = 0 WHERE id = 1");
  CHECK(run(outbox).sent == 0);
  CHECK(outbox.state("a") == "cancelled");
}

TEST_CASE("a refused message has failed for good") {
  TestOutbox outbox;
  outbox.put("a");
  outbox.put("b");
  outbox.channel.answer = [](const Message& message) {
    return message.key == "a" ? HandoverResult{Handover::refused, "no such user"} : HandoverResult{};
  };
  const Delivery delivery = run(outbox);
  CHECK(delivery.sent == 1);
  REQUIRE(delivery.failures.size() == 1);
  CHECK(delivery.failures[0] == "message 1 to 'li' did not go out: no such user");
  CHECK(outbox.state("a") == "failed");
  CHECK(outbox.text("reply", "a") == "no such user");
}

TEST_CASE("tries are repeated after growing pauses, and given up after the last") {
  TestOutbox outbox;
  outbox.put("a");
  outbox.channel.answer = [](const Message&) { return HandoverResult{Handover::retry, "busy"}; };
  using std::chrono::minutes;
  for (const minutes pause : {minutes(1), minutes(5), minutes(30), minutes(120), minutes(360)}) {
    CHECK(run(outbox).failures.size() == 1);
    CHECK(outbox.state("a") == "queued");
    outbox.clock.at += pause - std::chrono::seconds(1);
    CHECK(run(outbox).failures.empty());
    outbox.clock.at += std::chrono::seconds(1);
  }
  CHECK(run(outbox).failures.size() == 1);
  CHECK(outbox.state("a") == "dead");
  CHECK(outbox.channel.got.size() == 6);
}

TEST_CASE("a message that breaks the line keeps none of the others back") {
  TestOutbox outbox;
  for (const char* key : {"a", "b", "c"}) outbox.put(key);
  outbox.channel.answer = [](const Message& message) {
    return message.key == "a" ? HandoverResult{Handover::retry, "dropped", true} : HandoverResult{};
  };
  CHECK(run(outbox).sent == 2);
  CHECK(outbox.state("a") == "queued");
  CHECK(outbox.text("attempts", "a") == "1");
}

TEST_CASE("a server that breaks the line each time is left alone for this run") {
  TestOutbox outbox;
  for (const char* key : {"a", "b", "c", "d", "e"}) outbox.put(key);
  outbox.channel.answer = [](const Message&) { return HandoverResult{Handover::retry, "dropped", true}; };
  CHECK(run(outbox).failures.size() == 3);
  CHECK(outbox.text("attempts", "c") == "1");
  CHECK(outbox.text("attempts", "d") == "0");
  CHECK(run(outbox).failures.size() == 2);  // the first three wait for their pause
}

TEST_CASE("a moment that lies ahead of the clock ends the pauses before it") {
  TestOutbox outbox;
  outbox.put("a");
  outbox.channel.answer = [](const Message&) { return HandoverResult{Handover::retry, "busy"}; };
  run(outbox);
  SenderOptions later;
  later.pauses_end = outbox.clock.at + std::chrono::seconds(59);
  CHECK(run(outbox, {}, later).failures.empty());
  later.pauses_end += std::chrono::seconds(1);
  CHECK(run(outbox, {}, later).failures.size() == 1);
}

TEST_CASE("a mail has the date of its first handing over, each time") {
  TestOutbox outbox;
  outbox.put("a");
  outbox.clock.at += std::chrono::hours(5);
  const Moment first = outbox.clock.at;
  std::vector<Moment> dates;
  outbox.channel.answer = [&](const Message& message) {
    dates.push_back(message.sent_first.value_or(Moment::min()));
    return HandoverResult{Handover::retry, "busy"};
  };
  run(outbox);
  outbox.clock.at += std::chrono::hours(1);
  run(outbox);
  CHECK(dates == std::vector<Moment>{first, first});
}

TEST_CASE("what a dead sender left is found, what a living one has is not") {
  TestOutbox outbox;
  for (const char* key : {"queued", "dead", "living"}) outbox.put(key);
  leave_leased(outbox, "dead", lease_of_a_dead_process(), std::chrono::seconds(30));
  leave_leased(outbox, "living", lease_of_this_process(), std::chrono::seconds(30));
  CHECK(left_behind(*outbox.connection, outbox.clock.at) == std::vector<std::int64_t>{2});
  CHECK(left_behind(*outbox.connection, outbox.clock.at + kLeaseTime).size() == 2);
}

TEST_CASE("a pause noted under a clock that was set back since does not hold") {
  TestOutbox outbox;
  outbox.put("a");
  outbox.channel.answer = [](const Message&) { return HandoverResult{Handover::retry, "busy"}; };
  run(outbox);
  outbox.clock.at -= std::chrono::hours(24 * 365);
  outbox.channel.answer = [](const Message&) { return HandoverResult{}; };
  CHECK(run(outbox).sent == 1);
}

TEST_CASE("a channel that is out of order leaves the message in the queue") {
  TestOutbox outbox;
  outbox.put("a");
  outbox.channel.answer = [](const Message&) -> HandoverResult { throw Error(ErrorCode::io, "disk full"); };
  CHECK_THROWS_AS(run(outbox), Error);
  CHECK(outbox.state("a") == "queued");
  CHECK(outbox.text("lease", "a") == "(none)");
}

TEST_CASE("what a killed sender had taken is sent again, at once") {
  TestOutbox outbox;
  outbox.put("a");
  leave_leased(outbox, "a", lease_of_a_dead_process(), std::chrono::seconds(30));
  CHECK(run(outbox).sent == 1);
}

TEST_CASE("a living sender keeps its message until the lease runs out") {
  TestOutbox outbox;
  outbox.put("a");
  leave_leased(outbox, "a", lease_of_this_process(), kLeaseTime);
  CHECK(run(outbox).sent == 0);
  outbox.clock.at += kLeaseTime;
  CHECK(run(outbox).sent == 1);
}

TEST_CASE("who lost the lease does not note over the one who has it") {
  TestOutbox outbox;
  outbox.put("a");
  outbox.channel.answer = [&](const Message&) {
    leave_leased(outbox, "a", "another", kLeaseTime);
    return HandoverResult{Handover::refused, "late"};
  };
  run(outbox);
  CHECK(outbox.state("a") == "sending");
  CHECK(outbox.text("lease", "a") == "another");
}

TEST_CASE("leases") {
  const Moment now(std::chrono::seconds(1'800'000'000));
  const std::chrono::seconds second(1);
  const std::string own = lease_of_this_process();
  CHECK(own == lease_of_this_process());
  CHECK_FALSE(is_lease_free(own, now + second, now));
  CHECK(is_lease_free(own, now, now));
  CHECK(is_lease_free(own, now + kLeaseTime + second, now));  // the clock was set back
  CHECK(is_lease_free(lease_of_a_dead_process(), now + second, now));
  pid_t zombie = 0;
  CHECK(is_lease_free(lease_of_an_ended_child(zombie), now + second, now));
  ::waitpid(zombie, nullptr, 0);
  // The number of the process is in use again, by one that began later.
  CHECK(is_lease_free(own.substr(0, own.rfind(' ')) + " 1", now + second, now));
  // Of another machine or boot nothing is known but the time.
  CHECK_FALSE(is_lease_free("another-boot" + own, now + second, now));
  CHECK(is_lease_free("another-boot" + own, now, now));
}

namespace {

void add_contact(TestOutbox& outbox, const std::string& email = "wang@example.org") {
  const Param params[] = {email};
  outbox.connection->execute(
      "INSERT INTO contact (id, name, email, email_key, created_at, updated_at) VALUES (7, 'Wang', $1, $1, "
      "0, 0)",
      params);
}

void say(TestOutbox& outbox, const std::string& purpose, const std::string& state, std::int64_t at,
         const std::string& address = {}) {
  const Param params[] = {purpose, state, at, address};
  outbox.connection->execute(
      "INSERT INTO consent (about_kind, about_id, address, address_key, purpose, state, at, created_at, "
      "updated_at) "
      "VALUES (iif($4 = '', 4, NULL), iif($4 = '', 7, NULL), nullif($4, ''), nullif($4, ''), $1, $2, $3, 0, "
      "0)",
      params);
}

void put_outreach(TestOutbox& outbox, const std::string& key) {
  NewMessage message{key, "spring", 0, "subject", "body\n"};
  message.recipient = RecordId{Kind::contact, 7};
  message.purpose = "newsletter";
  message.on_doubt = OnDoubt::hold;
  REQUIRE(enqueue(*outbox.connection, message, outbox.clock.at));
}

}  // namespace

TEST_CASE("consent is asked for when a message is taken: the latest word counts, and an opt-out over all") {
  TestOutbox outbox;
  add_contact(outbox);
  put_outreach(outbox, "a");
  CHECK(run(outbox).sent == 0);
  CHECK(outbox.state("a") == "cancelled");
  CHECK(outbox.text("reply", "a") == "no consent");

  say(outbox, "newsletter", "given", 100);
  put_outreach(outbox, "b");
  CHECK(run(outbox).sent == 1);
  CHECK(outbox.text("address", "b") == "wang@example.org");

  SUBCASE("withdrawn") {
    say(outbox, "newsletter", "withdrawn", 101);
    put_outreach(outbox, "c");
    run(outbox);
    CHECK(outbox.text("reply", "c") == "consent withdrawn");
    say(outbox, "newsletter", "given", 102);
    put_outreach(outbox, "d");
    CHECK(run(outbox).sent == 1);
  }
  SUBCASE("withdrawn at the same moment") {
    say(outbox, "newsletter", "withdrawn", 100);
    put_outreach(outbox, "c");
    CHECK(run(outbox).sent == 0);
  }
  SUBCASE("withdrawn by the address") {
    say(outbox, "newsletter", "withdrawn", 101, "wang@example.org");
    put_outreach(outbox, "c");
    CHECK(run(outbox).sent == 0);
  }
  SUBCASE("for another purpose") {
    say(outbox, "offers", "withdrawn", 101);
    put_outreach(outbox, "c");
    CHECK(run(outbox).sent == 1);
  }
  SUBCASE("do not contact") {
    say(outbox, "contact", "withdrawn", 50);
    put_outreach(outbox, "c");
    run(outbox);
    CHECK(outbox.text("reply", "c") == "do not contact");
  }
  SUBCASE("the record is gone") {
    outbox.connection->execute("UPDATE contact SET deleted_at = 1", {});
    put_outreach(outbox, "c");
    run(outbox);
    CHECK(outbox.text("reply", "c") == "contact/7 was deleted");
  }
}

TEST_CASE("where the suppression list cannot be read nothing is sent, to us neither") {
  TestOutbox outbox;
  outbox.put("a");
  outbox.connection->run_script("DROP TABLE consent");
  CHECK_THROWS(run(outbox));
  CHECK(outbox.channel.got.empty());
  CHECK(outbox.state("a") == "queued");
}

TEST_CASE("a message in doubt is sent again or held, as it says") {
  TestOutbox outbox;
  add_contact(outbox);
  say(outbox, "newsletter", "given", 1);
  outbox.put("staff");
  put_outreach(outbox, "customer");
  const std::string dead = lease_of_a_dead_process();
  for (const char* key : {"staff", "customer"}) leave_leased(outbox, key, dead, std::chrono::seconds(30));
  const Delivery delivery = run(outbox);
  CHECK(delivery.sent == 1);
  CHECK(delivery.failures.size() == 1);
  CHECK(outbox.channel.got == Keys{"staff"});
  CHECK(outbox.state("customer") == "doubt");

  // An answer that did not come leaves the same doubt.
  outbox.channel.answer = [](const Message&) { return HandoverResult{Handover::doubt, "no answer", true}; };
  outbox.put("a");
  outbox.put("b");
  run(outbox);
  CHECK(outbox.state("a") == "queued");
  CHECK(outbox.text("attempts", "a") == "1");
  CHECK(outbox.text("attempts", "b") == "1");
  put_outreach(outbox, "c");
  outbox.clock.at += std::chrono::hours(1);
  outbox.channel.answer = [](const Message&) { return HandoverResult{Handover::doubt, "no answer"}; };
  run(outbox);
  CHECK(outbox.state("c") == "doubt");
}

TEST_CASE("a sender that is asked to stop has noted all it did") {
  TestOutbox outbox;
  for (const char* key : {"a", "b", "c"}) outbox.put(key);
  SenderOptions options;
  options.lease = lease_of_this_process();
  options.stop = [&] { return outbox.channel.got.size() == 2; };
  const Delivery delivery = Sender(*outbox.connection, outbox.channel, outbox.clock, options).run({});
  CHECK(delivery.stopped);
  CHECK(delivery.sent == 2);
  CHECK(outbox.state("b") == "sent");
  CHECK(outbox.state("c") == "queued");
}

TEST_CASE("messages reach the disk together, but one that is held in doubt before it is handed over") {
  TestOutbox outbox;
  constexpr int kMessages = 120;
  for (int i = 0; i < kMessages; ++i) {
    NewMessage message{"r/" + std::to_string(i), "r", 1, "s", "b"};
    if (i % 7 == 3) message.on_doubt = OnDoubt::hold;
    enqueue(*outbox.connection, message, outbox.clock.at);
  }
  constexpr int kDurable = 2;  // of PRAGMA synchronous: FULL
  const auto synchronous = [&] { return outbox.connection->query_integer("PRAGMA synchronous"); };
  int since = 0;
  int longest = 0;
  bool held_durably = true;
  outbox.channel.answer = [&](const Message& message) {
    const bool durable = synchronous() == kDurable;
    since = durable ? 0 : since + 1;
    longest = std::max(longest, since);
    if (std::stoi(message.key.substr(2)) % 7 == 3) held_durably = held_durably && durable;
    return HandoverResult{};
  };
  CHECK(run(outbox).sent == kMessages);
  CHECK(held_durably);
  CHECK(longest > 0);
  CHECK(longest <= 6);
  CHECK(synchronous() == kDurable);
  for (int i = 0; i < kMessages; ++i)
    enqueue(*outbox.connection, {"n/" + std::to_string(i), "n", 1, "s", "b"}, outbox.clock.at);
  since = longest = 0;
  CHECK(run(outbox).sent == kMessages);
  CHECK(longest > 6);
  CHECK(longest <= 50);
  CHECK(synchronous() == kDurable);
}
