#include "outbox/delivery.h"

#include <algorithm>
#include <array>
#include <thread>

#include "base/text.h"
#include "crm/error.h"
#include "outbox/enqueue.h"
#include "outbox/lease.h"
#include "outbox/left_behind.h"
#include "outbox/outbox_columns.h"
#include "outbox/permission.h"

namespace crm {
namespace {

using std::chrono::milliseconds;
using namespace std::chrono_literals;

// How long to wait before the next try, after each failed one. A message that fails once more is given up.
constexpr std::array<std::chrono::seconds, 5> kPauses = {1min, 5min, 30min, 2h, 6h};
// After so many faults of the line in a row the server, not a message, is at fault: the rest waits.
constexpr int kMostLineFaults = 3;
constexpr const char* kNoAddress = "no e-mail address is known";

std::int64_t seconds_of(Moment moment) {
  return moment.time_since_epoch().count();
}

// A pause that is longer than any was noted under a clock that has been set back since.
bool is_due(Moment next_try, Moment now) {
  return next_try <= now || next_try > now + kPauses.back();
}

// The column after the message's, where look_at() selects the state and what belongs to it.
constexpr int kStateColumn = kMessageColumnCount;

Message read_message(const Row& row) {
  Message message;
  message.key = row.text(0);
  message.rule = row.text(1);
  message.person = row.text(2);
  message.address = row.text(3);
  message.subject = row.text(4);
  message.body = row.text(5);
  message.made_at = Moment(std::chrono::seconds(row.integer(6)));
  message.purpose = row.text(7);
  message.payload = row.text(8);
  message.html = row.text(9);
  if (const auto first = row.optional_integer(10)) message.sent_first = Moment(std::chrono::seconds(*first));
  return message;
}

bool is_within(const DeliveryScope& scope, const Row& row) {
  const std::string_view rule = row.text(0);
  const bool of_rules =
      scope.rules.empty() || std::find(scope.rules.begin(), scope.rules.end(), rule) != scope.rules.end();
  if (!of_rules || (scope.person && scope.person != row.optional_integer(1))) return false;
  if (scope.any_channel) return true;
  return row.is_null(3) ? scope.unnamed : scope.via && *scope.via == row.text(3);
}

struct OpenMessage {
  std::int64_t id = 0;
  std::string on_doubt;
};

std::vector<OpenMessage> find_open(Connection& connection, const DeliveryScope& scope) {
  std::vector<OpenMessage> open;
  connection.each(std::string("SELECT o.rule, o.person, o.id, o.via, o.on_doubt FROM outbox o WHERE ") +
                      kNotEnded + " AND o.state <> 'doubt' ORDER BY o.id",
                  {}, [&](const Row& row) {
                    if (is_within(scope, row)) open.push_back({row.integer(2), std::string(row.text(4))});
                  });
  return open;
}

// Whatever a sender made of the connection, others find it durable.
class DurableAgain {
 public:
  explicit DurableAgain(Connection& connection) : connection_(connection) {}
  ~DurableAgain() {
    try {
      connection_.set_durable(true);
    } catch (const Error&) {
      // What went wrong before is what is told.
      return;
    }
  }
  DurableAgain(const DurableAgain&) = delete;
  DurableAgain& operator=(const DurableAgain&) = delete;

 private:
  Connection& connection_;
};

std::optional<RecordId> record_at(const Row& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return RecordId{static_cast<Kind>(row.integer(column)), row.integer(column + 1)};
}

bool is_there(Connection& connection, RecordId record) {
  const Param params[] = {record.id};
  return connection.exists(
      "SELECT 1 FROM \"" + std::string(entity(record.kind).table) + "\" WHERE id = $1 AND deleted_at IS NULL",
      params);
}

std::string to_whom(const Message& message) {
  return message.person.empty() ? message.rule : quoted(message.person);
}

}  // namespace

struct Sender::Candidate {
  Taken taken;
  std::string state;
  Moment next_try{};
  std::string lease;
  Moment lease_until{};
  bool works_here = true;  // the person it is to
  std::optional<RecordId> recipient;
  std::optional<RecordId> about;
  std::string zone;      // of the person; empty: the workflow's
  std::string hours;     // when it may disturb them; empty: always
  std::string reply;     // what was noted last
  std::string bound_to;  // the only address that it may go to; empty: whichever they have
};

std::vector<Message> open_messages(Connection& connection, const DeliveryScope& scope) {
  std::vector<Message> messages;
  for (const OpenMessage& open : find_open(connection, scope)) {
    const Param params[] = {open.id};
    connection.each("SELECT " + message_columns() + kOutboxTables + " WHERE o.id = $1", params,
                    [&](const Row& row) { messages.push_back(read_message(row)); });
  }
  return messages;
}

Sender::Sender(Connection& connection, Channel& channel, const Clock& clock, SenderOptions options)
    : connection_(connection), channel_(channel), clock_(clock), options_(std::move(options)) {}

Delivery Sender::run(const DeliveryScope& scope) {
  delivery_ = {};
  at_ = 0;
  open_.clear();
  for (const OpenMessage& message : find_open(connection_, scope)) {
    const std::string& on_doubt = options_.on_doubt.empty() ? message.on_doubt : options_.on_doubt;
    open_.push_back({message.id, on_doubt == "hold"});
  }
  if (open_.empty()) return {};
  const DurableAgain durable_again(connection_);
  synced_at_ = std::chrono::steady_clock::now();
  HandoverResult result;
  std::optional<Taken> previous;
  int line_faults = 0;
  for (;;) {
    delivery_.stopped = is_stopped();
    if (previous) line_faults = result.line_fault ? line_faults + 1 : 0;
    if (delivery_.stopped || line_faults == kMostLineFaults) at_ = open_.size();
    Step step = next(previous ? &*previous : nullptr, result);
    previous = std::move(step.taken);
    if (!previous) {
      if (step.again) continue;
      if (step.wait == milliseconds(0) || !rest(step.wait)) break;
      continue;
    }
    try {
      result = channel_.hand_over(previous->message);
    } catch (const Error& error) {
      put_back(*previous, error.message());
      throw;
    }
  }
  return std::move(delivery_);
}

bool Sender::must_be_durable() const {
  constexpr int kMostUnsynced = 50;
  return options_.per_minute || at_ >= open_.size() || open_[at_].hold || unsynced_ >= kMostUnsynced ||
         std::chrono::steady_clock::now() - synced_at_ > std::chrono::seconds(1);
}

Sender::Step Sender::next(const Taken* previous, const HandoverResult& result) {
  const bool durable = must_be_durable();
  connection_.set_durable(durable);
  Transaction transaction(connection_);
  if (previous != nullptr) note(*previous, result);
  Step step;
  while (!step.taken && !step.again && at_ < open_.size()) {
    step.wait = until_next_slot();
    if (step.wait > milliseconds(0)) break;
    step.again = open_[at_].hold && !durable;
    if (!step.again) step.taken = take(open_[at_++].id);
  }
  transaction.commit();
  unsynced_ = durable ? 0 : unsynced_ + 1;
  if (durable) synced_at_ = std::chrono::steady_clock::now();
  return step;
}

Sender::Candidate Sender::look_at(std::int64_t id) {
  Candidate candidate;
  candidate.taken.id = id;
  const Param key[] = {id};
  connection_.each(
      "SELECT " + message_columns() +
          ", o.state, o.next_try_at, o.lease, o.lease_until, o.attempts, coalesce(u.active, 1) = 1 AND "
          "u.deleted_at IS NULL, o.on_doubt, o.recipient_kind, o.recipient, o.about_kind, o.about, "
          "coalesce(u.timezone, ''), coalesce(o.hours, ''), coalesce(o.reply, ''), CASE WHEN o.purpose IS "
          "NULL THEN '' ELSE coalesce(o.address, '') END" +
          kOutboxTables + " WHERE o.id = $1",
      key, [&](const Row& row) {
        const auto moment = [&](int column) { return Moment(std::chrono::seconds(row.integer(column))); };
        candidate.taken.message = read_message(row);
        candidate.state = row.text(kStateColumn);
        candidate.next_try = moment(kStateColumn + 1);
        candidate.lease = row.text(kStateColumn + 2);
        candidate.lease_until = moment(kStateColumn + 3);
        candidate.taken.attempts = row.integer(kStateColumn + 4);
        candidate.works_here = row.integer(kStateColumn + 5) != 0;
        const std::string on_doubt(options_.on_doubt.empty() ? row.text(kStateColumn + 6)
                                                             : options_.on_doubt);
        candidate.taken.hold = on_doubt == "hold";
        candidate.recipient = record_at(row, kStateColumn + 7);
        candidate.about = record_at(row, kStateColumn + 9);
        candidate.zone = row.text(kStateColumn + 11);
        candidate.hours = row.text(kStateColumn + 12);
        candidate.reply = row.text(kStateColumn + 13);
        candidate.bound_to = row.text(kStateColumn + 14);
      });
  return candidate;
}

bool Sender::is_open(const Candidate& candidate) const {
  const Moment now = clock_.now();
  if (candidate.state == outbox_state::kQueued)
    return is_due(candidate.next_try, now) || candidate.next_try <= options_.pauses_end;
  return candidate.state == outbox_state::kSending &&
         is_lease_free(candidate.lease, candidate.lease_until, now);
}

bool Sender::is_wanted(const Candidate& candidate) {
  const std::int64_t id = candidate.taken.id;
  const Message& message = candidate.taken.message;
  std::string why;
  if (!candidate.works_here) why = "the person has left";
  if (candidate.about && !is_there(connection_, *candidate.about))
    why = to_string(*candidate.about) + " was deleted";
  if (candidate.recipient && !is_there(connection_, *candidate.recipient))
    why = to_string(*candidate.recipient) + " was deleted";
  if (!candidate.bound_to.empty() && email_key(candidate.bound_to) != email_key(message.address))
    why = "their address is another one now than " + quoted(candidate.bound_to) + ", which it was made for";
  if (why.empty()) why = refusal_of(connection_, {candidate.recipient, message.address}, message.purpose);
  if (!why.empty()) {
    end(id, outbox_state::kCancelled, why);
    return false;
  }
  if (candidate.state == outbox_state::kSending && candidate.taken.hold) {
    end(id, outbox_state::kDoubt, kSenderDied);
    delivery_.failures.push_back(
        "message " + std::to_string(id) + " to " + to_whom(message) +
        " is in doubt: its sender was killed; 'crm outbox retry' or 'crm outbox cancel' it");
    return false;
  }
  return true;
}

std::optional<Sender::Taken> Sender::take(std::int64_t id) {
  Candidate candidate = look_at(id);
  if (!is_open(candidate) || !is_wanted(candidate)) return std::nullopt;
  if (options_.is_quiet && options_.is_quiet(candidate.hours, candidate.zone)) {
    ++delivery_.waiting;
    return std::nullopt;
  }
  Taken& taken = candidate.taken;
  if (candidate.recipient && !channel_.reaches_person()) {
    delivery_.failures.push_back("message " + std::to_string(id) + " to " + to_whom(taken.message) +
                                 " waits: " + quoted(channel_.name()) + " does not reach a customer");
    return std::nullopt;
  }
  if (channel_.needs_address() && taken.message.address.empty()) {
    if (taken.message.person.empty()) {
      end(id, outbox_state::kFailed, "it names nobody to mail it to");
      delivery_.failures.push_back("message " + std::to_string(id) + " of " + taken.message.rule +
                                   " did not go out: it names nobody to mail it to");
      return std::nullopt;
    }
    if (candidate.reply != kNoAddress) hold_without_address(taken);
    return std::nullopt;
  }
  const std::string channel = channel_.name();
  const Moment now = clock_.now();
  if (!taken.message.sent_first) taken.message.sent_first = now;
  const Param params[] = {id,
                          outbox_state::kSending,
                          options_.lease,
                          seconds_of(now + kLeaseTime),
                          channel,
                          taken.message.address,
                          seconds_of(*taken.message.sent_first)};
  connection_.execute(
      "UPDATE outbox SET state = $2, lease = $3, lease_until = $4, channel = $5, address = nullif($6, ''), "
      "first_sent_at = $7 WHERE id = $1",
      params);
  if (options_.per_minute) {
    const Param slot[] = {channel, std::int64_t{std::chrono::duration_cast<milliseconds>(
                                                    std::chrono::system_clock::now().time_since_epoch())
                                                    .count()} +
                                       milliseconds(1min).count() / *options_.per_minute};
    connection_.execute("UPDATE channel SET next_slot = $2 WHERE name = $1", slot);
  }
  return std::move(taken);
}

void Sender::hold_without_address(const Taken& taken) {
  const Param params[] = {taken.id, kNoAddress};
  connection_.execute("UPDATE outbox SET reply = $2 WHERE id = $1", params);
  auto& named = delivery_.without_address;
  if (std::find(named.begin(), named.end(), taken.message.person) == named.end())
    named.push_back(taken.message.person);
}

milliseconds Sender::until_next_slot() {
  if (!options_.per_minute) return milliseconds(0);
  const std::string channel = channel_.name();
  const Param params[] = {channel};
  const milliseconds slot(
      connection_.query_integer("SELECT next_slot FROM channel WHERE name = $1", params).value_or(0));
  const auto now =
      std::chrono::duration_cast<milliseconds>(std::chrono::system_clock::now().time_since_epoch());
  // A slot that is farther off than any was noted under a clock that has been set back since.
  return slot <= now || slot > now + 1min ? milliseconds(0) : slot - now;
}

bool Sender::rest(milliseconds pause) {
  constexpr milliseconds kSlice{50};
  if (pause > options_.wait) return false;
  options_.wait -= pause;
  for (; pause > milliseconds(0); pause -= kSlice) {
    if (is_stopped()) return true;  // the loop sees it, and notes it
    std::this_thread::sleep_for(std::min(pause, kSlice));
  }
  return true;
}

void Sender::end(std::int64_t id, const char* state, const std::string& why) {
  const Param params[] = {id, state, why};
  connection_.execute(
      "UPDATE outbox SET state = $2, lease = NULL, lease_until = NULL, reply = $3 WHERE id = $1", params);
}

void Sender::note(const Taken& taken, const HandoverResult& result) {
  const Moment now = clock_.now();
  const auto tries = static_cast<std::size_t>(taken.attempts);
  const bool hold = result.outcome == Handover::doubt && taken.hold;
  const bool failed = result.outcome == Handover::retry || (result.outcome == Handover::doubt && !hold);
  const bool again = failed && tries < kPauses.size();
  const bool sent = result.outcome == Handover::sent;
  const char* state = again    ? outbox_state::kQueued
                      : failed ? outbox_state::kDead
                      : hold   ? outbox_state::kDoubt
                      : sent   ? outbox_state::kSent
                               : outbox_state::kFailed;
  const Param params[] = {taken.id,
                          options_.lease,
                          state,
                          seconds_of(again ? now + kPauses[tries] : now),
                          sent ? std::optional(seconds_of(now)) : std::nullopt,
                          result.reply};
  // A lease that ran out may have gone to another sender, who then notes what comes of it.
  connection_.execute(
      "UPDATE outbox SET state = $3, next_try_at = $4, sent_at = $5, reply = nullif($6, ''), attempts = "
      "attempts + 1, lease = NULL, "
      "lease_until = NULL WHERE id = $1 AND lease = $2",
      params);
  if (sent) {
    ++delivery_.sent;
    return;
  }
  const char* what = again    ? " waits for another try: "
                     : hold   ? " is in doubt ('crm outbox retry' or 'crm outbox cancel' it): "
                     : failed ? " is given up: "
                              : " did not go out: ";
  delivery_.failures.push_back("message " + std::to_string(taken.id) + " to " + to_whom(taken.message) +
                               what + result.reply);
}

void Sender::put_back(const Taken& taken, const std::string& why) {
  connection_.set_durable(true);
  Transaction transaction(connection_);
  const Param params[] = {taken.id, options_.lease, outbox_state::kQueued, why};
  connection_.execute(
      "UPDATE outbox SET state = $3, lease = NULL, lease_until = NULL, reply = $4 WHERE id = $1 AND lease = "
      "$2",
      params);
  transaction.commit();
}

}  // namespace crm
