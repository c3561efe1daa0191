// The columns that --fields asks for, of a result whose maker gives all of them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "output/writer.h"

namespace crm::cmd {

// Hands on the columns of those names, in that order; the one name "help" makes a list of the names the
// result. The writer throws Error{usage} for an unknown name.
std::unique_ptr<Writer> pick_columns(std::unique_ptr<Writer> target, std::vector<std::string> names);

}  // namespace crm::cmd
