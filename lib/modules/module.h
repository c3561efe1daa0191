// Loads what needs a heavy library: small shared objects in $libdir/crm/, each with one entry point.
#pragma once

#include <string_view>

namespace crm {

// The module's entry point `crm_module_NAME`, looked for in crm/NAME.so beside the library (or program) that this code is in, then
// in the installed place. In a static program it is linked in. Throws Error{failed} that names the file and the reason.
void* load_module(std::string_view name);

}  // namespace crm
