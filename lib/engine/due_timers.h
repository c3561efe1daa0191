// Timers whose moment has come, and what then happens.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "crm/session.h"
#include "store/connection.h"

namespace crm {

struct DueTimer {
  RecordId record;
  std::string name;
  std::int64_t due_at = 0;
  std::int64_t step = 0;  // how many have acted
  std::string row;        // the condition of the SLA's row that it runs by
};
// When the earliest is due.
std::optional<std::int64_t> next_timer(Connection& connection);
// What is due of the timer happens: a message, or KIND.overdue. Returns it in words. The session's now is the
// planned time. Inside a Write.
std::string fire(Session& session, const DueTimer& due);

// What is due of it could not be done: it is passed over. Inside a Write.
void stop_timer(Session& session, const DueTimer& due);

}  // namespace crm
