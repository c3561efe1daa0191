#include "outbox/delivery.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "crm/error.h"
#include "outbox/enqueue.h"
#include "outbox/lease.h"

namespace crm {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

// How long to wait before the next try, after each failed one. A message that fails once more is given up.
constexpr std::array<std::chrono::seconds, 5> kPauses = {minutes(1), minutes(5), minutes(30), hours(2),
                                                         hours(6)};

std::int64_t seconds_of(Moment moment) {
  return moment.time_since_epoch().count();
}

// A pause that is longer than any was noted under a clock that has been set back since.
bool is_due(Moment next_try, Moment now) {
  return next_try <= now || next_try > now + kPauses.back();
}

constexpr std::string_view kMessageColumns =
    "o.key, o.rule, coalesce(u.name, ''), coalesce(u.email, ''), o.subject, o.body, o.created_at";

// The column after these, where take() selects the state and what belongs to it.
constexpr int kState = 7;

Message read_message(const Row& row) {
  Message message;
  message.key = row.text(0);
  message.rule = row.text(1);
  message.person = row.text(2);
  message.address = row.text(3);
  message.subject = row.text(4);
  message.body = row.text(5);
  message.made_at = Moment(std::chrono::seconds(row.integer(6)));
  return message;
}

bool is_within(const DeliveryScope& scope, std::string_view rule, std::optional<std::int64_t> person) {
  return (scope.rules.empty() ||
          std::find(scope.rules.begin(), scope.rules.end(), rule) != scope.rules.end()) &&
         (!scope.person || scope.person == person);
}

template <typename Visit>
void each_open(Connection& connection, const DeliveryScope& scope, const std::string& columns,
               const Visit& visit) {
  connection.each("SELECT o.rule, o.person, o.id" + columns +
                      " FROM outbox o LEFT JOIN user u ON u.id = o.person WHERE o.state IN ('queued', "
                      "'sending') ORDER BY o.id",
                  {}, [&](const Row& row) {
                    if (is_within(scope, row.text(0), row.optional_integer(1))) visit(row);
                  });
}

}  // namespace

std::vector<Message> open_messages(Connection& connection, const DeliveryScope& scope) {
  std::vector<std::int64_t> ids;
  each_open(connection, scope, "", [&](const Row& row) { ids.push_back(row.integer(2)); });
  std::vector<Message> messages;
  for (const std::int64_t id : ids) {
    const Param params[] = {id};
    connection.each("SELECT " + std::string(kMessageColumns) +
                        " FROM outbox o LEFT JOIN user u ON u.id = o.person WHERE o.id = $1",
                    params, [&](const Row& row) { messages.push_back(read_message(row)); });
  }
  return messages;
}

Sender::Sender(Connection& connection, Channel& channel, const Clock& clock, std::string lease)
    : connection_(connection), channel_(channel), clock_(clock), lease_(std::move(lease)) {}

Delivery Sender::run(const DeliveryScope& scope) {
  open_.clear();
  at_ = 0;
  delivery_ = {};
  each_open(connection_, scope, "", [&](const Row& row) { open_.push_back(row.integer(2)); });
  if (open_.empty()) return {};
  HandoverResult result;
  for (std::optional<Taken> taken = next(nullptr, result); taken;) {
    try {
      result = channel_.hand_over(taken->message);
    } catch (const Error&) {
      put_back(*taken);
      throw;
    }
    taken = next(&*taken, result);
  }
  return std::move(delivery_);
}

std::optional<Sender::Taken> Sender::next(const Taken* previous, const HandoverResult& result) {
  Transaction transaction(connection_);
  if (previous != nullptr) note(*previous, result);
  std::optional<Taken> taken;
  while (!taken && at_ < open_.size()) taken = take(open_[at_++]);
  transaction.commit();
  return taken;
}

bool Sender::is_open(const Row& row) const {
  const auto moment = [&](int column) { return Moment(std::chrono::seconds(row.integer(column))); };
  const Moment now = clock_.now();
  if (row.text(kState) == outbox_state::kQueued) return is_due(moment(kState + 1), now);
  return row.text(kState) == outbox_state::kSending &&
         is_lease_free(row.text(kState + 2), moment(kState + 3), now);
}

std::optional<Sender::Taken> Sender::take(std::int64_t id) {
  Taken taken;
  taken.id = id;
  bool open = false;
  bool is_there = true;  // the person still works here
  const Param key[] = {id};
  connection_.each("SELECT " + std::string(kMessageColumns) +
                       ", o.state, o.next_try_at, o.lease, o.lease_until, o.attempts, coalesce(u.active, 1) "
                       "= 1 AND u.deleted_at IS NULL "
                       "FROM outbox o LEFT JOIN user u ON u.id = o.person WHERE o.id = $1",
                   key, [&](const Row& row) {
                     taken.message = read_message(row);
                     taken.attempts = row.integer(kState + 4);
                     is_there = row.integer(kState + 5) != 0;
                     open = is_open(row);
                   });
  if (!open) return std::nullopt;
  if (!is_there) {
    const Param params[] = {id, outbox_state::kCancelled};
    connection_.execute(
        "UPDATE outbox SET state = $2, lease = NULL, lease_until = NULL, reply = 'the person has left' WHERE "
        "id = $1",
        params);
    return std::nullopt;
  }
  if (channel_.needs_address() && taken.message.address.empty()) {
    auto& named = delivery_.without_address;
    if (std::find(named.begin(), named.end(), taken.message.person) == named.end())
      named.push_back(taken.message.person);
    return std::nullopt;
  }
  const std::string channel = channel_.name();
  const Param params[] = {id, outbox_state::kSending, lease_, seconds_of(clock_.now() + kLeaseTime), channel, taken.message.address};
  connection_.execute(
      "UPDATE outbox SET state = $2, lease = $3, lease_until = $4, channel = $5, address = nullif($6, '') "
      "WHERE id = $1",
      params);
  return taken;
}

void Sender::note(const Taken& taken, const HandoverResult& result) {
  const Moment now = clock_.now();
  const auto tries = static_cast<std::size_t>(taken.attempts);
  const bool given_up = result.outcome == Handover::retry && tries >= kPauses.size();
  const char* state = outbox_state::kQueued;
  if (result.outcome == Handover::sent) state = outbox_state::kSent;
  if (result.outcome == Handover::refused) state = outbox_state::kFailed;
  if (given_up) state = outbox_state::kDead;
  const bool again = result.outcome == Handover::retry && !given_up;
  const bool sent = result.outcome == Handover::sent;
  const Param params[] = {taken.id,
                          lease_,
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
  delivery_.failures.push_back("the message to " + quoted(taken.message.person) +
                               (again ? " waits for another try: " : " did not go out: ") + result.reply);
}

void Sender::put_back(const Taken& taken) {
  Transaction transaction(connection_);
  const Param params[] = {taken.id, lease_, outbox_state::kQueued};
  connection_.execute(
      "UPDATE outbox SET state = $3, lease = NULL, lease_until = NULL WHERE id = $1 AND lease = $2", params);
  transaction.commit();
}

}  // namespace crm
