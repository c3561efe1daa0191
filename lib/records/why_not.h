// Why a condition of the workflow does not hold for a record.
#pragma once

#include <string>

#include "crm/session.h"
#include "filter/evaluate.h"

namespace crm {

// The first part of its conjunction that fails, with what the record has instead: "region = 'East' fails:
// region is 'West'". Empty where all parts hold. For conditions that process_condition() takes.
std::string why_not(Session& session, Kind kind, const std::string& condition, const RecordAccess& record,
                    const RecordAccess* before = nullptr);

}  // namespace crm
