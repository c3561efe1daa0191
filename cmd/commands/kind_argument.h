#pragma once

#include <crm/kind.h>

#include <string>

namespace crm::cmd {

// The kind that the word names. Throws Error{usage} for none, with the nearest.
const Entity& kind_argument(const std::string& word);

}  // namespace crm::cmd
