// One member of the stored form of a process, without reading the rest: most commands need no more.
#pragma once

#include <string_view>

namespace crm {

// The JSON text of the member as compile() wrote it, which orders members by name; empty where there is none.
std::string_view compiled_member(std::string_view json, std::string_view name);

}  // namespace crm
