// Messages out: what waits, what went where, and the delivery of what is open.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "crm/export.h"
#include "crm/session.h"
#include "crm/table.h"

namespace crm {

struct Message {
  std::string key;  // what made it, person and period: unique, and the same each time it is sent
  std::string rule;
  std::string person;   // the recipient's name
  std::string address;  // their e-mail address; empty: none is known
  std::string subject;  // one line
  std::string body;     // lines end in LF
  Moment made_at{};     // by the system's clock
};

// Takes messages that are to be shown. A message counts as handed over once the call has returned: what was
// printed must be flushed by then.
class CRM_API MessageSink {
 public:
  virtual ~MessageSink() = default;
  virtual void message(const Message& message) = 0;
};

struct ChannelOptions {
  std::string name;                      // "stdout", "file:DIR" or "sendmail"
  std::string from;                      // the sender's e-mail address
  std::string sendmail;                  // absolute path of the program; empty: there is none
  std::vector<std::string> environment;  // what that program gets: NAME=VALUE
};

struct Delivery {
  std::int64_t sent = 0;
  std::vector<std::string> failures;         // a line for each message that did not go out and why
  std::vector<std::string> without_address;  // persons whose messages stay open, each once
};

// Hands every message that is open and due to the channel; `sink` is the channel stdout. Safe beside other
// senders: each message has one sender at a time, and one whose sender was killed is sent again with the same
// Message-ID. In a dry run nothing is handed over: the messages go to `sink`. Throws Error{usage} for an
// unknown channel or a sender that is no address.
CRM_API Delivery flush_outbox(Session& session, const ChannelOptions& channel, MessageSink& sink);

struct OutboxQuery {
  std::string state;   // empty: any
  std::string person;  // a user's name; empty: anybody
  std::optional<std::int64_t> limit;
};
// The states of a message, in the order of its life.
CRM_API std::vector<std::string> outbox_states();
// Newest first: id, state, rule, person, address, channel, subject, created_at, sent_at, attempts,
// next_try_at, reply, key.
CRM_API void list_outbox(Session& session, const OutboxQuery& query, RowSink& sink);
// One message, with its body. Error{not_found}.
CRM_API void show_message(Session& session, std::int64_t id, RowSink& sink);

}  // namespace crm
