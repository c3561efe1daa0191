// What one process has and another has not, in words for people.
#pragma once

#include <string>
#include <vector>

#include "process/process.h"

namespace crm {

// One line for each difference, in the order of a workflow file; none where they mean the same.
std::vector<std::string> differences(const Process& before, const Process& after);

}  // namespace crm
