// The operating system's account that runs the program, whatever the environment says.
#pragma once

#include <string>

namespace crm::cmd {

// Its name, or its number where it has none.
std::string operating_system_account();

}  // namespace crm::cmd
