// A condition of the workflow on one record, and which part of it did not hold.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "crm/session.h"
#include "filter/evaluate.h"
#include "records/stored_record.h"

namespace crm {

// The first part of the condition (of those joined by `and`) that does not hold, with the values that it
// looked at: "source = 'web' (source: fair)". Nothing where the whole holds; an empty condition always does.
// `before` is null for a record that is new. Throws as check_expression does.
std::optional<std::string> failing_part(Session& session, const std::string& condition,
                                        const StoredRecord& record, const StoredRecord* before);

// The parts joined by `and`, as text; the whole where there is one.
std::vector<std::string> condition_parts(const std::string& condition);

}  // namespace crm
