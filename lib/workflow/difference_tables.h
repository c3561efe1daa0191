// Differences in the tables of two processes: calendar, assignment, ratings, pool, duplicates, roles.
#pragma once

#include <string>
#include <vector>

#include "process/process.h"

namespace crm {

// The rows as sentences: those that only one has, and whether what both have comes in another order.
void compare_tables(const Process& before, const Process& after, std::vector<std::string>& lines);

}  // namespace crm
