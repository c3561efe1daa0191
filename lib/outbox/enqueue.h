// How a message comes into the outbox: inside the caller's transaction, once for its key.
#pragma once

#include <cstdint>
#include <string>

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

struct NewMessage {
  std::string key;  // RULE/PERSON/PERIOD; a rule's name has no '/'
  std::string rule;
  std::int64_t person = 0;
  std::string subject;  // one line
  std::string body;     // lines end in LF; both without control characters
};

// `now` is by the system's clock, never --now. False where a message of that key is there already, whatever
// became of it.
bool enqueue(Connection& connection, const NewMessage& message, Moment now);
bool is_enqueued(Connection& connection, const std::string& key);

}  // namespace crm
