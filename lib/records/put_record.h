// A record that comes back as it was.
#pragma once

#include "crm/session.h"
#include "records/stored_record.h"

namespace crm {

// Writes a new row with its own number and moments, deleted or not: nobody has a say, neither checks nor
// rules. Inside a Write; the number must be free. Error{conflict} where a live record has one of its
// references.
void put_record(Session& session, StoredRecord& record);

}  // namespace crm
