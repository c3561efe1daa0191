// Records name users and teams: what must hold where one of these goes, or where a record that names them
// comes back.
#pragma once

#include <cstdint>

#include "crm/session.h"
#include "records/stored_record.h"

namespace crm {

// Whether what the kind's records say of people stays as it was written, whoever has gone since.
bool is_history(Kind kind);
// Throws Error{conflict} that counts what names the user or team.
void check_unused(Session& session, const StoredRecord& user_or_team);
// Throws Error{conflict} where the record names a user or team that is deleted and that it did not name
// before, or where it was deleted itself before.
void check_people_there(Session& session, const StoredRecord& before, const StoredRecord& after);
// Throws Error{invalid} for a user who is no longer active.
void check_active(Session& session, std::int64_t user);

}  // namespace crm
