// What a step of a test expects, held against the database.
#pragma once

#include <string>
#include <vector>

#include "base/document.h"
#include "crm/session.h"

namespace crm {

struct Mismatch {
  std::string message;  // "lead/1 owner: expected 'li', got 'wang'"
  int line = 0;
  int column = 0;
};

// The value of `expect`: records by KIND/ID with their fields (null: absent), `followups` and `overdue` (open
// plans, in all and past their time), `outbox` (messages that are there at least) and `outbox-exactly` (these
// and no others), each a map of to, template or rule, about, subject.
std::vector<Mismatch> hold_against(Session& session, const Node& expected);

}  // namespace crm
