// Messages that a change made and that wait to be sent: they end with it.
#pragma once

#include <cstdint>

#include "store/connection.h"

namespace crm {

// The change is taken back: what it made is not sent, as far as it waits. Where the change took another one
// back itself, the messages of that one wait again. Inside a Write.
void withdraw_unsent(Connection& connection, std::int64_t change);

}  // namespace crm
