// The countries that have a code of their own.
#pragma once

#include <string_view>

namespace crm {

// Whether the text is an ISO 3166-1 alpha-2 code in force, in capital letters.
bool is_country(std::string_view code);

}  // namespace crm
