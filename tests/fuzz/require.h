// What a fuzz target demands of its results.
#pragma once

namespace crm {

// Ends the program where the demand is not met, so that the fuzzer keeps the input.
inline void require(bool met) {
  if (!met) __builtin_trap();
}

}  // namespace crm
