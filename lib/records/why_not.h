// Why a condition of the workflow does not hold for a record.
#pragma once

#include <optional>
#include <string>

#include "crm/session.h"
#include "filter/evaluate.h"
#include "records/stored_record.h"

namespace crm {

// The first part of its conjunction that is not true, with what the record has instead: "region = 'East'
// fails: region is 'West'". Nothing where the whole holds, as an empty condition always does. No value that
// a role guards is told, since whoever may see the record reads it. For conditions that process_condition()
// takes.
std::optional<std::string> why_not(Session& session, Kind kind, const std::string& condition,
                                   const RecordAccess& record, const RecordAccess* before = nullptr);
// The same for a record that is stored; `before` is null where it was not there.
std::optional<std::string> why_not(Session& session, const std::string& condition, const StoredRecord& record,
                                   const StoredRecord* before);

}  // namespace crm
