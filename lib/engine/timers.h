// The clocks on records: how long one may stay in a stage, how soon somebody is to respond, how soon the
// matter is to be settled. They stand in the table `timer`, with the moment at which something is due next.
#pragma once

#include <optional>
#include <string>

#include "crm/session.h"
#include "process/process.h"
#include "records/reactor.h"
#include "store/connection.h"

namespace crm {

enum class TimerStart : std::uint8_t {
  as_known,  // from when the record came into its stage, and came to be
  now,       // anew: it was deleted meanwhile
  imported,  // as known; what is past already is missed
};

// Brings the timers to what the record, as it stands, asks for. What has acted does not act again. Inside a
// Write.
void set_timers(Session& session, RecordId record, TimerStart start);
// After a change of the record, or of a follow-up about one.
void follow_timers(Session& session, const RecordChange& change);
// Of all open records, where the limits are others than before. Inside a Write.
void reset_timers(Session& session, const Process& before);

struct DueTimer {
  RecordId record;
  std::string name;
  std::int64_t due_at = 0;
  std::int64_t step = 0;  // how many have acted
};
std::optional<std::int64_t> next_timer(Connection& connection);
// The earliest that is due at or before that moment.
std::optional<DueTimer> due_timer(Connection& connection, std::int64_t until);
// What is due of the timer happens: a message, or KIND.overdue. Returns it in words. The session's now is the
// planned time. Inside a Write.
std::string fire(Session& session, const DueTimer& due);

// What is due of it could not be done: it is passed over. Inside a Write.
void stop_timer(Session& session, const DueTimer& due);

// What a kind's records are held to at all.
bool has_limits(const Process& process, Kind kind);

}  // namespace crm
