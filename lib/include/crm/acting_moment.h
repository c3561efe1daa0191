// The moment that a command acts at, where that is not the present one.
#pragma once

#include <string_view>

#include "crm/session.h"

namespace crm {

// From now on the session acts at that moment: what --now says, read in the workflow's zone and from the
// session's present. What must not be had by naming another moment, as the claims of a day, still counts by
// that. Throws Error{usage}.
CRM_API void act_at(Session& session, std::string_view when);

}  // namespace crm
