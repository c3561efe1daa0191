// Records that became part of another one.
#pragma once

#include <optional>

#include "records/session_state.h"

namespace crm {

// The record that it is part of now, over several merges; nothing where it is part of none.
std::optional<RecordId> merged_into(Session& session, RecordId record);

}  // namespace crm
