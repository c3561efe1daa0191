// The conditions of the active process, checked once for a session.
#pragma once

#include <string>

#include "crm/session.h"
#include "filter/condition.h"
#include "filter/evaluate.h"

namespace crm {

// The condition on records of that kind. It may use changed(), was() and me. Kept by the session until the
// process or a user's or team's name changes; valid until then. Throws as check_expression does.
const Condition& process_condition(Session& session, Kind kind, const std::string& text);
// Whether it is true of the record; not where it is false or unknown.
bool holds(const Condition& condition, const RecordAccess& record, const RecordAccess* before = nullptr);

}  // namespace crm
