// Messages that wait in the outbox: for an hour at which they disturb nobody, or for a server that works.
// Writing is inside the caller's transaction.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "crm/session.h"
#include "outbox/enqueue.h"

namespace crm {

// Whether a message with those hours (send_hours.h; empty: any) would disturb somebody of that time zone
// (empty: the workflow's) at that moment.
bool disturbs(Session& session, const std::string& hours, const std::string& zone, Moment moment);

struct WaitingMessage {
  std::int64_t id = 0;
  std::string rule;
  std::int64_t person = 0;
  std::string hours;
  std::string zone;        // the person's; empty: the workflow's
  Moment made_for{};       // the moment that it speaks of
  std::int64_t as_of = 0;  // the last change that its text knows
  bool tried = false;      // it was to be sent already
  Moment next_try{};       // not before
  Moment text_at{};        // when its text was made, by the system's clock
};

// The reminders of the rule that wait, in the order they were made.
std::vector<WaitingMessage> waiting_messages(Connection& connection, const std::string& rule);
// One reminder that is about to be sent, with its rule; nothing for a message of another sort.
std::optional<WaitingMessage> message_at_hand(Connection& connection, std::int64_t id);
// Of those of the rule only the one to each person that speaks of the latest moment stays; the others are
// cancelled. Returns how many.
std::int64_t supersede_waiting(Connection& connection, const std::string& rule);
// Puts another message's texts into one that waits or is about to be sent. `now` is by the system's clock.
void rewrite_waiting(Connection& connection, std::int64_t id, const NewMessage& message, Moment now);
void cancel_waiting(Connection& connection, std::int64_t id, const std::string& why);
// Cancels one that has nothing to remind of any more.
void cancel_needless(Connection& connection, std::int64_t id);
// Whether the reminder with the key is there already. One that never went out, since a later one took its
// place that did not go out either or since there was nothing to remind of, does not count.
bool is_reminded(Connection& connection, const std::string& key);
// Those for whom a reminder of the rule waits that speaks of a later moment: the clock was set back.
std::set<std::int64_t> reminded_ahead(Connection& connection, const std::string& rule, Moment moment);
// Puts the reminder in the place of the one of its key that never went out, if any.
bool enqueue_reminder(Connection& connection, const NewMessage& message, Moment now);
// What waits for somebody who has left is to their manager, or the next one above who has not left. What
// nobody takes over stays, to be cancelled when it is taken for sending.
void redirect_from_leavers(Session& session);

}  // namespace crm
