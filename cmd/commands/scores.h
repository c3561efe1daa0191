// Scores on the command line.
#pragma once

#include <string>
#include <string_view>

namespace crm::cmd {

// A number from 0 to 1. Error{usage} that names the option.
double score_argument(std::string_view option, const std::string& text);

}  // namespace crm::cmd
