// The persons that rules, clocks and approvals name.
#pragma once

#include "crm/session.h"
#include "process/process.h"

namespace crm {

// Throws Error{invalid} for one whom the database does not have, with what names them.
void check_named_people(Session& session, const Process& process);

}  // namespace crm
