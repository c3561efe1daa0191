// Workflow files: from YAML to a checked process.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "crm/error.h"
#include "process/process.h"

namespace crm {

// Reads a workflow file and checks everything that needs no database. All that is wrong is appended to the
// problems, in order of place, each with the place of the value; nothing is returned then. A kind of which
// the file names no stages has those of the built-in process. `file` is only for the places. What the file
// may say though it is hardly meant is appended to the warnings, where they are asked for. Throws
// Error{failed} where the yaml module cannot be loaded.
std::unique_ptr<Process> read_definition(std::string_view text, const std::string& file,
                                         std::vector<Problem>& problems,
                                         std::vector<Problem>* warnings = nullptr);

// The built-in process: schemas/default.workflow.yaml.
const std::string& default_workflow_text();
std::unique_ptr<Process> default_process();

}  // namespace crm
