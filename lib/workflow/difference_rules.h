// What differs between the rules, clocks and approvals of two processes, in words.
#pragma once

#include <string>
#include <vector>

#include "process/process.h"

namespace crm {

void compare_rules(const Process& before, const Process& after, std::vector<std::string>& lines);

}  // namespace crm
