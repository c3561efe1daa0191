// The old values that an event keeps, read back.
#pragma once

#include <string_view>

#include "records/stored_record.h"
#include "records/table_shape.h"

namespace crm {

// Puts the values of the JSON text back into the record. Fields that the kind no longer has are passed over.
// Throws Error{failed} for a text that the log did not write.
void apply_old_values(const TableShape& shape, std::string_view json, StoredRecord& record);
// The names in the text: fields, "tags", "ref", "deleted_at".
std::vector<std::string> old_value_names(std::string_view json);

}  // namespace crm
