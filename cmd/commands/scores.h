// Scores on the command line.
#pragma once

#include <crm/duplicates.h>

#include <string>
#include <string_view>

namespace crm::cmd {

// A number from 0 to 1. Error{usage} that names the option.
double score_argument(std::string_view option, const std::string& text);

// {"name":8.13,"phone":-2.5}
std::string terms_json(const DuplicatePair& pair);

}  // namespace crm::cmd
