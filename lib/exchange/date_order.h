// Which of day and month stands first in a column of dates.
#pragma once

#include <cstddef>
#include <string>

#include "crm/time.h"
#include "exchange/row_source.h"

namespace crm {

// Reads the whole column of the file: known where some of its dates can be read in one way only and all of
// them in that way. Unknown for the standard input, which cannot be read twice. Throws as open_rows() does.
DateOrder find_date_order(const std::string& path, const RowSourceOptions& options, std::size_t column);

}  // namespace crm
