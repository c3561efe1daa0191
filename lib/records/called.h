// Records by what people call them.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "crm/kind.h"
#include "crm/session.h"

namespace crm {

// Those that the user may see whose name, e-mail address or phone is exactly this; else those whose name is
// but for letters' case and width and spaces. Not more than eleven. A kind without names has none.
std::vector<std::int64_t> records_called(Session& session, Kind kind, std::string_view name);

// Throws Error{conflict}: several are called that.
[[noreturn]] void refuse_several(Kind kind, std::string_view name, const std::vector<std::int64_t>& found);

}  // namespace crm
