// What a record is called.
#pragma once

#include <optional>
#include <string>

#include "crm/kind.h"
#include "crm/session.h"

namespace crm {

// The record's name as the acting user may see it. Nothing where they may not see the record, it is not
// there, or its kind has no names.
std::optional<std::string> shown_name(Session& session, RecordId record);

}  // namespace crm
