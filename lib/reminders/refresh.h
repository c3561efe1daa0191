// Reminders that waited say what is so when they are sent.
#pragma once

#include "crm/remind.h"
#include "outbox/delivery.h"

namespace crm {

// Whoever runs it reads what is delivered to stdout or to files, and what a dry run shows; and a message says
// what its recipient may see. Throws Error{not_permitted} for who may not see each field. `channel`: nothing
// where none delivers.
void require_may_read_messages(Session& session, const ChannelOptions* channel);

// Makes a reminder that is about to be sent anew where something was changed since its text was made, or that
// was long ago. The session must outlive it.
Refresh refreshing(Session& session);

}  // namespace crm
