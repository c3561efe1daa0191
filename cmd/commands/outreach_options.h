// What the commands of segments and outreach share.
#pragma once

#include <crm/kind.h>

#include <string>

#include "parse/arguments.h"
#include "spec/command_spec.h"

namespace crm::cmd {

// --kind.
OptionSpec kind_option_spec(const std::string& help);
Kind kind_option(const Arguments& arguments, Kind otherwise);

}  // namespace crm::cmd
