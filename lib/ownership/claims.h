// Taking a record out of the pool for oneself: what counts as that, and the limits of it.
#pragma once

#include <cstdint>

#include "records/reactor.h"

namespace crm {

// Whether the acting user may give the pool's records to anybody: what they take is then only a claim where
// they say so.
bool gives_out_pool(Session& session);
// Whether the change is a claim of the acting user, whatever the verb.
bool is_claim(Session& session, const RecordChange& change);
// Error{invalid} where the pool's rules do not let the user take the record. They count by the system's
// clock, not by the moment that a command is given.
void check_claim(Session& session, RecordId record, std::int64_t user);

}  // namespace crm
