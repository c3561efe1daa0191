#pragma once

#include <string>

#include "base/text.h"

namespace crm {

// A value in a sentence: "'8h'", "none" where it is empty.
inline std::string shown(const std::string& value) {
  return value.empty() ? "none" : quoted(value);
}

}  // namespace crm
