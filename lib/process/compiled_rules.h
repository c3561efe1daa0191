// The stored form of rules, clocks and approvals: part of the process's.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "process/process.h"

namespace crm {

void rules_to_json(const Process& process, nlohmann::json& json);
// Throws an nlohmann exception for what rules_to_json did not make.
void rules_from_json(const nlohmann::json& json, Process& process);

}  // namespace crm
