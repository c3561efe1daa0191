// The table behind base/han.h, written at build time by make_han_table.cpp.
#pragma once

#include <cstdint>

namespace crm {

struct HanEntry {
  std::uint16_t simplified;  // a character of the same block
  std::uint16_t reading;     // in kSyllables; 0: none
  std::uint16_t surname;
  std::uint16_t other;  // a second reading that is common in names; 0: none
};

// From U+4E00 to U+9FFF.
extern const HanEntry kHanTable[];
extern const char kSyllables[][8];

}  // namespace crm
