// Whether a date of another system's file stands alone.
#pragma once

#include <string_view>

#include "crm/time.h"

namespace crm {

// Whether parse_import_moment() reads the text as a day without a time of day.
bool is_import_day(std::string_view text, DateOrder order);

}  // namespace crm
