// Loads what needs a heavy library: small shared objects in $libdir/crm/, each with one entry point.
#pragma once

#include <string_view>

namespace crm {

// What the module's entry point `extern "C" void* crm_module_NAME()` returns: the module's interface, as its
// modules/NAME/interface.h says; valid for ever. The module is looked for as crm/NAME.so beside the library
// that this code is in, as ../lib/crm/NAME.so beside the program if it is in a program, then in the installed
// place. In a static program most are linked in. Throws Error{failed} that names the module and the reason.
void* load_module(std::string_view name);

}  // namespace crm
