// How a pass over many records does what it does to each of them.
#pragma once

#include "base/function_ref.h"
#include "crm/kind.h"

namespace crm {

// Does the act about the record. False where it failed and nothing of it is kept: the pass goes on with the
// others.
using Attempt = FunctionRef<bool(RecordId record, FunctionRef<void()> act)>;

// One failure ends the pass.
inline constexpr auto kActAtOnce = [](RecordId /*record*/, FunctionRef<void()> act) {
  act();
  return true;
};

}  // namespace crm
