// Amounts of several currencies in one order: by what they are in units of their currency, not in minor ones.
#pragma once

#include <string>

#include "crm/session.h"
#include "records/table_shape.h"

namespace crm {

// Keeps in the database what amount_order() must know of all its records: which counts of decimal places
// their currencies have. Inside a Write, of every record that is written.
void note_decimal_places(Session& session, const TableShape& shape, const StoredRecord& record);

// What amounts of the kind sort by: the column itself, which an index may hold, where all currencies have the
// same count of decimal places.
std::string amount_order(Session& session, const KindView& view, const Field& amount);

}  // namespace crm
