#include "outbox/delivery.h"

#include <algorithm>
#include <array>
#include <thread>

#include "base/add_once.h"
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

Sender::Sender(Connection& connection, Channel& channel, const Clock& clock, SenderOptions options)
    : connection_(connection), channel_(channel), clock_(clock), options_(std::move(options)) {}

Delivery Sender::run(const DeliveryScope& scope) {
  delivery_ = {};
  at_ = 0;
  open_ = open_numbers(connection_, scope);
  if (open_.empty()) return {};
  const DurableAgain durable_again(connection_);
  synced_at_ = std::chrono::steady_clock::now();
  HandoverResult result;
  std::optional<OpenMessage> previous;
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
  return options_.per_minute || at_ >= open_.size() || is_held(open_[at_].on_doubt) ||
         unsynced_ >= kMostUnsynced ||
         std::chrono::steady_clock::now() - synced_at_ > std::chrono::seconds(1);
}

bool Sender::is_held(const std::string& on_doubt) const {
  return (options_.on_doubt.empty() ? on_doubt : options_.on_doubt) == "hold";
}

Sender::Step Sender::next(const OpenMessage* previous, const HandoverResult& result) {
  const bool durable = must_be_durable();
  connection_.set_durable(durable);
  Transaction transaction(connection_);
  if (previous != nullptr) note(*previous, result);
  Step step;
  while (!step.taken && !step.again && at_ < open_.size()) {
    step.wait = until_next_slot();
    if (step.wait > milliseconds(0)) break;
    step.again = is_held(open_[at_].on_doubt) && !durable;
    if (!step.again) step.taken = take(open_[at_++].id);
  }
  transaction.commit();
  unsynced_ = durable ? 0 : unsynced_ + 1;
  if (durable) synced_at_ = std::chrono::steady_clock::now();
  return step;
}

bool Sender::is_open(const OpenMessage& open) const {
  const Moment now = clock_.now();
  if (open.state == outbox_state::kQueued)
    return is_due(open.next_try, now) || open.next_try <= options_.pauses_end;
  return open.state == outbox_state::kSending && is_lease_free(open.lease, open.lease_until, now);
}

bool Sender::is_wanted(const OpenMessage& open) {
  const Message& message = open.message;
  std::string why;
  if (!open.works_here) why = "the person has left";
  if (open.about && !is_there(connection_, *open.about)) why = to_string(*open.about) + " was deleted";
  if (open.recipient && !is_there(connection_, *open.recipient))
    why = to_string(*open.recipient) + " was deleted";
  if (!open.bound_to.empty() && email_key(open.bound_to) != email_key(message.address))
    why = "their address is another one now than " + quoted(open.bound_to) + ", which it was made for";
  if (why.empty()) why = refusal_of(connection_, {open.recipient, message.address}, message.purpose);
  if (!why.empty()) {
    end(open.id, outbox_state::kCancelled, why);
    return false;
  }
  if (open.state == outbox_state::kSending && is_held(open.on_doubt)) {
    end(open.id, outbox_state::kDoubt, kSenderDied);
    delivery_.failures.push_back(
        "message " + std::to_string(open.id) + " to " + to_whom(message) +
        " is in doubt: its sender was killed; 'crm outbox retry' or 'crm outbox cancel' it");
    return false;
  }
  return true;
}

bool Sender::is_deliverable(const OpenMessage& open) {
  if (options_.is_quiet && options_.is_quiet(open.hours, open.zone)) {
    ++delivery_.waiting;
    return false;
  }
  const std::string which = "message " + std::to_string(open.id);
  if (open.recipient && !channel_.reaches_person()) {
    delivery_.failures.push_back(which + " to " + to_whom(open.message) +
                                 " waits: " + quoted(channel_.name()) + " does not reach a customer");
    return false;
  }
  if (!channel_.needs_address() || !open.message.address.empty()) return true;
  if (!open.message.person.empty()) {
    if (open.reply != kNoAddress) hold_without_address(open);
    return false;
  }
  end(open.id, outbox_state::kFailed, "it names nobody to mail it to");
  delivery_.failures.push_back(which + " of " + open.message.rule +
                               " did not go out: it names nobody to mail it to");
  return false;
}

std::optional<OpenMessage> Sender::take(std::int64_t id) {
  std::optional<OpenMessage> open = find_open_message(connection_, id);
  if (!open || !is_open(*open) || !is_wanted(*open) || !is_deliverable(*open)) return std::nullopt;
  if (open->is_digest && options_.refresh) {
    options_.refresh(id);
    open = find_open_message(connection_, id);
    if (!open || !is_open(*open)) return std::nullopt;
  }
  const std::string channel = channel_.name();
  const Moment now = clock_.now();
  if (!open->message.sent_first) open->message.sent_first = now;
  const Param params[] = {id,
                          outbox_state::kSending,
                          options_.lease,
                          seconds_of(now + kLeaseTime),
                          channel,
                          open->message.address,
                          seconds_of(*open->message.sent_first)};
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
  return open;
}

void Sender::hold_without_address(const OpenMessage& open) {
  const Param params[] = {open.id, kNoAddress};
  connection_.execute("UPDATE outbox SET reply = $2 WHERE id = $1", params);
  add_once(delivery_.without_address, open.message.person);
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

void Sender::note(const OpenMessage& taken, const HandoverResult& result) {
  const Moment now = clock_.now();
  const auto tries = static_cast<std::size_t>(taken.attempts);
  const bool hold = result.outcome == Handover::doubt && is_held(taken.on_doubt);
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

void Sender::put_back(const OpenMessage& taken, const std::string& why) {
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
