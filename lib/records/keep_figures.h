// Amounts of a record whose currency changes.
#pragma once

#include <cstddef>
#include <string_view>

#include "base/function_ref.h"
#include "crm/kind.h"
#include "crm/session.h"
#include "records/stored_record.h"

namespace crm {

// Where the record's currency is no longer `before` (empty: the session's), its amounts keep their figures:
// 6000 of JPY becomes 6000.00 of CNY. Those at a position that is given are in the new currency already.
// Error{invalid} for one with more decimals than that has.
void keep_figures(Session& session, std::string_view before, StoredRecord& record,
                  FunctionRef<bool(std::size_t position)> is_given);

}  // namespace crm
