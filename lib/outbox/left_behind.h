// Messages whose sender died over them: they may have arrived.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "crm/time.h"
#include "store/connection.h"

namespace crm {

inline constexpr const char* kSenderDied = "its sender was killed: it may have arrived";

// The messages that are being sent by a process that is gone or hangs (lease.h), at a moment of the system's
// clock.
std::vector<std::int64_t> left_behind(Connection& connection, Moment now);
// SQL that is true of the messages `o` with one of these numbers.
std::string is_one_of_messages(const std::vector<std::int64_t>& messages);

}  // namespace crm
