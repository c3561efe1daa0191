// The persons that a process names.
#pragma once

#include <set>
#include <string>

#include "crm/session.h"
#include "process/process.h"

namespace crm {

struct NamedPeople {
  std::set<std::string> users;
  std::set<std::string> teams;
};

// All whom reminders, assignment tables, rules, clocks and approvals name.
NamedPeople named_people(const Process& process);

// Throws Error{invalid} with all of them whom the database does not have, and what names them.
void check_named_people(Session& session, const Process& process);

}  // namespace crm
