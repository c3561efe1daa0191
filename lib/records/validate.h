// What a record must satisfy before it is written: required fields, unique names and the process's
// validations.
#pragma once

#include "crm/session.h"
#include "records/stored_record.h"

namespace crm {

// Throws Error{invalid} that names the field or gives the validation's message, Error{conflict} for a user's
// or team's name that is taken. `before` is null for a new record.
void check_record(Session& session, const StoredRecord& record, const StoredRecord* before);

}  // namespace crm
