// Messages out: what waits, what went where, and the delivery of what is open.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "crm/export.h"
#include "crm/session.h"
#include "crm/table.h"

namespace crm {

struct Message {
  std::string key;  // what made it, person and period: unique, and the same each time it is sent
  std::string rule;
  std::string person;                     // the recipient's name; empty: it is to a channel
  std::string address;                    // their e-mail address; empty: none is known
  std::string subject;                    // one line
  std::string body;                       // lines end in LF
  Moment made_at{};                       // by the system's clock
  std::string purpose = {};               // of outreach, what the recipient agreed to
  std::string payload = {};               // a JSON object for web hooks; empty: none
  std::string html = {};                  // the body as HTML; empty: to be made from it
  std::optional<Moment> sent_first = {};  // when it was first handed over: the date of its mail each time
};

// Takes messages that are to be shown. A message counts as handed over once the call has returned: what was
// printed must be flushed by then.
class CRM_API MessageSink {
 public:
  virtual ~MessageSink() = default;
  virtual void message(const Message& message) = 0;
};

// How to deliver, and what the library may use of the process it runs in.
struct ChannelOptions {
  // A channel of the database, "stdout", "file:DIR" or "sendmail"; empty: each message by the channel that it
  // names.
  std::string name = {};
  std::string from = {};      // the sender's e-mail address, for channels that are not of the database
  std::string sendmail = {};  // absolute path of the program; empty: there is none
  std::vector<std::string> environment = {};  // what that program gets: NAME=VALUE
  // A variable of the environment, for secrets that are kept there. Empty: none is.
  std::function<std::optional<std::string>(const std::string&)> variable = {};
  // Asked before each message: true ends the delivery, with all noted. Empty: never.
  std::function<bool()> stop = {};
  std::chrono::seconds wait{60};  // how long to wait in all for a channel's rate limit
};

struct Delivery {
  std::int64_t sent = 0;
  std::vector<std::string> failures;         // a line for each message that did not go out and why
  std::vector<std::string> without_address;  // persons whose messages stay open from now on, each once
  std::int64_t waiting = 0;                  // messages that would disturb people at this hour
  bool stopped = false;                      // before its end, as it was asked to
};

// Hands every message that is open and due to its channel; `sink` is the channel stdout. Safe beside other
// senders: each message has one sender at a time, and one whose sender was killed is sent again with the same
// Message-ID, or held, as it says itself. In a dry run nothing is handed over: the messages go to `sink`.
// Reminders say what is so when they are handed over, and are cancelled where nothing is left to say.
// A message to somebody without an address stays open; that is told once. A pause after a failed try is over
// where the session's now is past its end. Throws Error{usage} for an unknown channel or a sender that is no
// address, Error{not_permitted} in a sandbox and for who sees less than all (dry run, stdout, files: or less
// of a field), Error{io} where a channel is out of order: its messages wait, those of the others have gone.
CRM_API Delivery flush_outbox(Session& session, const ChannelOptions& channel, MessageSink& sink);

struct OutboxQuery {
  std::string state;   // empty: any
  std::string person;  // a user's name; empty: anybody
  std::optional<std::int64_t> limit;
};
// The states of a message, in the order of its life. One whose sender is dead is in doubt, though nobody has
// noted it yet.
CRM_API std::vector<std::string> outbox_states();
// Newest first: id, state, rule, person, address, channel, subject, created_at, sent_at, attempts,
// next_try_at, reply, key.
CRM_API void list_outbox(Session& session, const OutboxQuery& query, RowSink& sink);
// One message, with its body and what else is known of it. Error{not_found}.
CRM_API void show_message(Session& session, std::int64_t id, RowSink& sink);

// Puts messages that are in doubt, failed or dead into the queue again, as new, and lists them.
// Error{conflict} for one that was sent or is being sent; none is then touched.
CRM_API void retry_messages(Session& session, std::span<const std::int64_t> messages, RowSink& sink);
// These are never sent. Error{conflict} as above.
CRM_API void cancel_messages(Session& session, std::span<const std::int64_t> messages, RowSink& sink);
// Erases what ended messages said and to whom, of those made before the moment. Their keys stay: nothing is
// made a second time. Returns how many.
CRM_API std::int64_t purge_outbox(Session& session, Moment before);

// A sandbox sends nothing to anybody.
CRM_API bool is_sandbox(Session& session);
CRM_API void set_sandbox(Session& session, bool sandbox);

}  // namespace crm
