// What a rule does to a record.
#pragma once

#include <string>

#include "crm/session.h"
#include "process/rule.h"

namespace crm {

// Carries out one action with the workflow's rights, in the rule's name. Returns what was done, in words.
// Inside a Write. Throws what the write throws.
std::string act(Session& session, const Rule& rule, const RuleAction& action, RecordId record);

}  // namespace crm
