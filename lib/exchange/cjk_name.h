// Names of people whose parts are joined without a space.
#pragma once

#include <string_view>

#include "base/text.h"

namespace crm {

inline bool begins_with_cjk(std::string_view text) {
  return !text.empty() && is_cjk(next_character(text));
}

}  // namespace crm
