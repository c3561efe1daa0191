// SQL that depends on what an amount's minor units are.
#pragma once

#include <string>

#include "base/function_ref.h"
#include "crm/kind.h"

namespace crm {

// `of(places)` for the records whose currency has that many decimal places; `usual` are those of a record
// that names none.
std::string by_decimal_places(const Field& currency, int usual, FunctionRef<std::string(int)> of);

}  // namespace crm
