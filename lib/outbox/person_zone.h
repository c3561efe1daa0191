// The time zone that a person lives by.
#pragma once

#include <string>

#include "crm/session.h"

namespace crm {

// The zone of that name; the workflow's for an empty one, and for one that the system no longer knows: that
// must keep no message back.
TimeZone zone_of_person(const Session& session, const std::string& name);

}  // namespace crm
