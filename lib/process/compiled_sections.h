// The stored form of a process's tables: calendar, assignment, ratings, pool, roles, duplicates.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "process/process.h"

namespace crm {

// Adds a key for each that the process has. What is not there is left out: most commands read the stored form
// and use none of it.
void write_sections(const Process& process, nlohmann::json& json);
void read_sections(const nlohmann::json& json, Process& process);

}  // namespace crm
