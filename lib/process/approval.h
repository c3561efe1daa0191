// What may only be done once somebody has agreed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "process/rule.h"

namespace crm {

enum class ApprovalOrder : std::uint8_t { in_order, any_of, all_of };

struct ApprovalRule {
  std::string name;
  std::string on;  // the event as written: what is held back
  RuleEvent event;
  std::string when;  // an expression; empty: always
  ApprovalOrder order = ApprovalOrder::in_order;
  std::vector<std::string> by;    // manager, team-lead, role/NAME or a user's name
  bool own = false;               // who asks may also be who agrees
  std::string deadline_after;     // as a dwell limit is written; empty: none
  std::string deadline_to;        // who may decide from then on
  std::string fast_track_role;    // who may skip it; empty: nobody
  bool fast_track_reason = true;  // skipping needs a reason
  int line = 0;
};

}  // namespace crm
