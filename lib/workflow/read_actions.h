// What a rule does.
#pragma once

#include "workflow/rule_fights.h"
#include "workflow/sections.h"

namespace crm {

// The value of a rule's `do`. `templates` is the value of that key of the file, or null.
void read_actions(const Node& node, const Node* templates, Rule& rule, RuleFights& fights, Reading& reading);
// Reports a stage in an event that the kind does not have.
void check_stage_name(const Node& at, const RuleEvent& event, Reading& reading);

}  // namespace crm
