// The digests of one reminder.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "crm/session.h"
#include "process/process.h"

namespace crm {

// Puts the messages of the period that contains the session's now into the outbox; returns how many are new.
// People among their recipients who have no address are added to `without_address`, each once. Inside a
// Write.
std::int64_t make_digests(Session& session, const Reminder& reminder,
                          std::vector<std::string>& without_address);

}  // namespace crm
