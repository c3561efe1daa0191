// A cell as people see it.
#pragma once

#include <crm/table.h>

#include <string>

namespace crm::cmd {

// One line, control characters visible, moments in short, nothing for absent.
std::string shown(const Column& column, const Cell& cell);

}  // namespace crm::cmd
