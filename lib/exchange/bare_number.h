// Numbers of which a file does not say in which system they were given: another file may have the same ones.
#pragma once

#include "records/session_state.h"
#include "records/stored_record.h"

namespace crm {

// Whether a row whose number a record has may be about it: they have a name, an address, a phone number or
// what they are about in common, or the row says nothing of these.
bool may_be_one(Session& session, const StoredRecord& row, const StoredRecord& record);

}  // namespace crm
