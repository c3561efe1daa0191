// A stored value as text for people and messages.
#pragma once

#include <string>

#include "crm/session.h"
#include "crm/value.h"

namespace crm {

// Moments in the session's zone, lengths of time as "15d" or "3h", amounts as decimal numbers, users and
// teams by name; empty where absent. `currency`: the record's; empty for the workflow's.
std::string value_text(Session& session, const Field& field, const Value& value, const std::string& currency);

}  // namespace crm
