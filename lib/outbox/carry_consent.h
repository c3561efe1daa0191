// What somebody said on being written to goes with them to another record.
#pragma once

#include "crm/session.h"

namespace crm {

// The statements that count about a person, purpose by purpose, are made about another record of the same
// person too, as they were said. Inside a Write.
void carry_consent(Session& session, RecordId from, RecordId to);

}  // namespace crm
