// One event of the log, taken back.
#pragma once

#include <span>
#include <string>

#include "records/reactor.h"

namespace crm {

struct LoggedEvent {
  RecordId record;
  Action action{};
  std::string old;  // its old values, as the log keeps them
};

// Writes the record as it was before the event, which must be the last one of it that is not taken back; a
// record that it added is removed and its references are free. Inside a Write.
void take_back(Session& session, const LoggedEvent& event);
// The same for many, in that order.
void take_back(Session& session, std::span<const LoggedEvent> events);

}  // namespace crm
