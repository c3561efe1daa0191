// Who is sending a message: a lease names a process so that others can tell whether it is still there.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "crm/time.h"

namespace crm {

// How long a lease holds where its process cannot be asked after, or hangs.
inline constexpr std::chrono::seconds kLeaseTime{60};

// Boot id, process-id namespace, process id and the process's start: no other process ever has the same.
std::string lease_of_this_process();

// Whether a message with that lease may be taken by another process: its process is gone, or `until` is past.
// Where it cannot be told (another machine, container or boot) only the time counts. An end that is farther
// off than any lease lasts was noted under a clock that has been set back since, and counts as past.
bool is_lease_free(std::string_view lease, Moment until, Moment now);

}  // namespace crm
