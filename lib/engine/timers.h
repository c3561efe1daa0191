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

// What a kind's records are held to at all.
bool has_limits(const Process& process, Kind kind);

}  // namespace crm
