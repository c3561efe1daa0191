// Runs the rules that an event sets off.
#pragma once

#include "crm/error.h"
#include "engine/reactions.h"
#include "process/process.h"

namespace crm {

// A chain of rules setting each other off is at most this long.
inline constexpr std::size_t kMaxChain = 8;

bool is_set_off_by(const Rule& rule, const RuleEvent& event);
// For each rule in the order of the file: tests its condition, acts, and notes what came of it. Inside a
// Write. Throws what an action throws, with the rule and its line.
void run_rules(Session& session, const PendingEvent& event);
// The actions of a rule whose condition holds. Throws as above. `cause` is for the log.
void run_actions(Session& session, const Rule& rule, RecordId record, const std::string& cause);
// The cause of an event, in words: "lead.stage.won".
std::string event_text(const RuleEvent& event);

}  // namespace crm
