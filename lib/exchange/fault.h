// One fault in a file that is read, as an exception.
#pragma once

#include "crm/error.h"

namespace crm {

// Throws an Error with the problem's message and hint, and the problem as its only one, which has the place.
[[noreturn]] void throw_fault(Problem problem, ErrorCode code = ErrorCode::invalid);

}  // namespace crm
