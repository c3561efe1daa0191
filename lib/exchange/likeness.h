// How far a row of a file and a record that it may be about agree, beyond any number.
#pragma once

#include "records/session_state.h"
#include "records/stored_record.h"

namespace crm {

// Of their names, addresses, phone numbers and what they are about, where both have them.
struct Likeness {
  int alike = 0;
  int unlike = 0;
};
Likeness likeness(Session& session, const StoredRecord& row, const StoredRecord& record);

}  // namespace crm
