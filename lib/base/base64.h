#pragma once

#include <string>
#include <string_view>

namespace crm {

// RFC 4648, 4: with padding, in one line.
std::string base64(std::string_view bytes);

}  // namespace crm
