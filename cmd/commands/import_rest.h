// The last step of a database that is made of a whole export.
#pragma once

#include "spec/command_spec.h"

namespace crm::cmd {

// 'crm import rest': what the files of the kinds leave out.
CommandSpec import_rest_command();

}  // namespace crm::cmd
