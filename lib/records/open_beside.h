// A second connection to the session's database, for what two threads read at once.
#pragma once

#include <memory>

#include "crm/session.h"
#include "store/connection.h"

namespace crm {

// In a read transaction that sees what the session's own transaction sees. Nothing where that cannot be: the
// database is in memory, the session writes, or somebody has written since its transaction began.
std::unique_ptr<Connection> open_beside(Session& session);

}  // namespace crm
