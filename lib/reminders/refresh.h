// Reminders that waited say what is so when they are sent.
#pragma once

#include "crm/remind.h"
#include "outbox/delivery.h"

namespace crm {

// Makes a reminder that is about to be sent anew where something was changed since its text was made, or that
// was long ago. The session must outlive it.
Refresh refreshing(Session& session);

}  // namespace crm
