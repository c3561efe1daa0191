// Records whose stage a new revision does not have.
#pragma once

#include <span>
#include <vector>

#include "crm/workflow.h"
#include "process/process.h"

namespace crm {

// Throws Error{invalid} for a mapping from a stage that neither process nor any record has or that is still
// there, or to one that the new process does not have; and where records are in a stage that is gone and not
// mapped, which it lists.
void check_mappings(Session& session, const Process& before, const Process& after,
                    std::span<const StageMapping> mappings);
// Moves the records, when the new process is in force. Inside a Write; returns those moved.
std::vector<RecordId> move_stages(Session& session, const Process& before,
                                  std::span<const StageMapping> mappings);

}  // namespace crm
