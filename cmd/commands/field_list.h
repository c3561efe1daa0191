// What `--fields help` prints.
#pragma once

#include <crm/kind.h>

#include "app/context.h"

namespace crm::cmd {

bool wants_field_list(const Context& context);
// The kind's fields, the workflow's included: name, type, label. Returns 0.
int print_field_list(Context& context, Kind kind);

// The word for a type in `crm schema` and in the list.
const char* type_name(FieldType type);

}  // namespace crm::cmd
