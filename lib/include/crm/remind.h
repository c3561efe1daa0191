// Reminders: what the workflow's reminder rules find, as one message per person and period.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "crm/export.h"
#include "crm/outbox.h"
#include "crm/session.h"

namespace crm {

struct RemindOptions {
  std::string to;                         // only this user's messages; empty: everybody's
  std::optional<ChannelOptions> channel;  // deliver at once; nothing: the messages wait in the outbox
  bool explain = false;                   // tell in `skipped` of the absent too
};

struct RemindResult {
  std::int64_t made = 0;             // messages put into the outbox
  Delivery delivery;                 // `without_address` also without a channel
  std::vector<std::string> skipped;  // what nobody is reminded of, and why
};

// Makes the messages of the periods that contain the session's now, each once whatever is run how often and
// at the same time, and with a channel delivers the reminders that are open. A dry run writes and delivers
// nothing: `sink` takes the messages that would have been made and, with a channel, those that would have
// been delivered. Throws Error{not_found} for an unknown user, and as flush_outbox().
CRM_API RemindResult remind(Session& session, const RemindOptions& options, MessageSink& sink);

// Before the outbox is flushed: reminders that waited say what is so now, or are cancelled where nothing is
// left to say; what waits for somebody who has left is to their manager. Writes only where there is any.
CRM_API void refresh_waiting(Session& session);

}  // namespace crm
