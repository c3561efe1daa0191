// What a record must satisfy before it is written: required fields, unique names and the process's
// validations.
#pragma once

#include <string>
#include <string_view>

#include "crm/session.h"
#include "records/reactor.h"
#include "records/stored_record.h"

namespace crm {

// Throws Error{invalid} that names the field or gives the validation's message, Error{conflict} for a user's
// or team's name that is taken. `before` is null for a new record.
void check_record(Session& session, const StoredRecord& record, const StoredRecord* before, Origin origin);
// What to do where the field is missing, as a hint.
std::string how_to_give(std::string_view field, Origin origin);

}  // namespace crm
