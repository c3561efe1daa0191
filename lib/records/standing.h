// Records that stand one above another of their kind: a customer's parent, a user's manager.
#pragma once

#include <cstdint>

#include "crm/session.h"
#include "records/stored_record.h"

namespace crm {

// Whether one comes to the record by going up by the field from that one, itself included.
bool stands_under(Session& session, const Field& field, std::int64_t from, RecordId record);
// Throws Error{invalid} where the record would stand above itself by a field that differs from before.
void check_standing(Session& session, const StoredRecord& before, const StoredRecord& after);

}  // namespace crm
