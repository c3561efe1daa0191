// Tests of workflow files: a fake clock, a database in memory, real commands.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "crm/error.h"
#include "crm/export.h"
#include "crm/session.h"

namespace crm {

// Runs one command line (without the program's name) in the session, as the program does; throws what stops
// it.
using CommandRunner = std::function<int(Session& session, const std::vector<std::string>& words)>;

struct WorkflowTestResult {
  std::int64_t tests = 0;
  std::int64_t failed = 0;
  std::vector<Problem> failures;  // what was expected and what was there, each with its place
};

// Runs the tests of a file. Each begins with a new database under the workflow that the file names, and ends
// at its first step that fails. Throws Error{not_found} or Error{io} for a file that cannot be read,
// Error{invalid} with all problems for one that is no test file or whose workflow is wrong.
CRM_API WorkflowTestResult run_workflow_tests(const std::string& file, const CommandRunner& runner);

}  // namespace crm
