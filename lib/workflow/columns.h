// The columns of custom fields.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "process/process.h"
#include "store/connection.h"

namespace crm {

// Adds the columns of custom fields that no revision before has had. A removed field's column stays, and is
// used again where the field returns. Throws Error{invalid} for a field that had another type before and has
// values that the new type could not hold.
void add_columns(Connection& connection, const Process& process);

}  // namespace crm
