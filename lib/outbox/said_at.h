// When people say what they say on being written to.
#pragma once

#include <cstdint>
#include <string_view>

#include "records/session_state.h"

namespace crm {

inline constexpr std::int64_t kMostAhead = 60;  // seconds: what clocks differ by

// Error{invalid} for a moment, in seconds since 1970, that has yet to come: a statement that is dated ahead
// would count over all that is said until then. `text` is how it was written.
void check_said_at(Session& session, std::int64_t at, std::string_view text);

}  // namespace crm
