// Messages that end with a record.
#pragma once

#include "crm/kind.h"
#include "store/connection.h"

namespace crm {

// Cancels the messages about the record, which was deleted, and those to it, as far as they wait; one that is
// on its way is its sender's to end.
void cancel_about(Connection& connection, RecordId record);
// The same of all between two of one kind, which may stand in either order.
void cancel_about_all(Connection& connection, RecordId one, RecordId other);

}  // namespace crm
