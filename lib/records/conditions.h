// The conditions of the active process, checked once for a session.
#pragma once

#include <string>

#include "crm/session.h"
#include "filter/condition.h"

namespace crm {

// The condition on records of that kind. It may use changed(), was() and me. Kept by the session until the
// process or a user's or team's name changes; valid until then. Throws as check_expression does.
const Condition& process_condition(Session& session, Kind kind, const std::string& text);

}  // namespace crm
