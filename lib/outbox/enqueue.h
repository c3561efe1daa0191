// How a message comes into the outbox: inside the caller's transaction, once for its key.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "crm/kind.h"
#include "crm/time.h"
#include "store/connection.h"

namespace crm {

// How a message lives: it waits, is being handed over, and ends in one of the others. `doubt` is a message
// whose sender was killed and that is not to be sent again by itself.
namespace outbox_state {
inline constexpr const char* kQueued = "queued";
inline constexpr const char* kSending = "sending";
inline constexpr const char* kSent = "sent";
inline constexpr const char* kFailed = "failed";  // refused for good
inline constexpr const char* kDead = "dead";      // given up after many tries
inline constexpr const char* kDoubt = "doubt";
inline constexpr const char* kCancelled = "cancelled";
}  // namespace outbox_state

// What becomes of a message whose sender was killed between handing it over and noting it.
enum class OnDoubt : std::uint8_t { resend, hold };

// What workflow files call the usual way to a person: the default channel.
inline constexpr std::string_view kDefaultVia = "email";

struct NewMessage {
  std::string key;  // RULE/PERSON/PERIOD, or what else caused it; a rule's name has no '/'
  std::string rule;
  std::int64_t person = 0;  // the user it is to; 0: none
  std::string subject;      // one line
  std::string body;         // lines end in LF; both without control characters
  // The channel it is to go by ('crm outbox channel list'); empty or "email": the default one. A web hook is
  // a channel of its own and needs no person. A channel that is not there yet keeps the message waiting.
  std::string via = {};
  std::string payload = {};  // a JSON object that a web hook of format json adds as "data"
  std::string html = {};     // the body as HTML; empty: made from it
  std::string hours = {};    // when it may disturb the person (send_hours.h); empty: always
  std::optional<RecordId> about =
      {};  // the record at hand: deleted before the message is sent, it cancels it
  std::optional<RecordId> recipient = {};  // a customer, contact or lead, in place of a user
  // The only address of the recipient's that it may go to; empty: the one they have when it is sent.
  std::string address = {};
  std::string purpose = {};  // what the recipient must have agreed to when it is sent; empty: nothing
  OnDoubt on_doubt = OnDoubt::resend;  // for customers: hold
  // Of a reminder: the moment that it speaks of, and the last change that its text knows. While it waits it
  // can be made anew.
  std::optional<Moment> made_for = {};
  std::int64_t as_of = 0;
};

// `now` is by the system's clock, never --now. False where a message of that key is there already, whatever
// became of it.
bool enqueue(Connection& connection, const NewMessage& message, Moment now);

}  // namespace crm
