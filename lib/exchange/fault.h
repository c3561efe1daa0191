// One fault in a file that is read, as an exception.
#pragma once

#include "crm/error.h"

namespace crm {

// Throws an Error whose message is "file:line:column: message", whose hint is the problem's, and whose only
// problem it is.
[[noreturn]] void throw_fault(Problem problem, ErrorCode code = ErrorCode::invalid);

}  // namespace crm
