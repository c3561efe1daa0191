// The stages of a record as a state machine.
#pragma once

#include <string>
#include <vector>

#include "process/process.h"
#include "records/reactor.h"
#include "records/stored_record.h"

namespace crm {

// Throws Error{invalid} where the workflow does not let the record go from one stage to the other, or
// something that the new stage requires is missing: all that is missing is named.
void check_transition(const Process& process, const KindView& view, const StoredRecord& record,
                      const std::string& from, const std::string& to);
// Throws Error{invalid} where something that the record's stage requires is missing: all of it is named.
void check_stage_fields(const Process& process, const KindView& view, const StoredRecord& record,
                        const std::string& stage, Origin origin);
// The stages that the workflow lets a record go to from there, in its order.
std::vector<std::string> stages_after(const Process& process, Kind kind, const std::string& from);
// Whether the stage ends the record's way. False for an unknown one.
bool has_outcome(const Process& process, Kind kind, const std::string& stage);
// The first stage with that outcome. Throws Error{invalid} where the workflow has none.
const Stage& stage_with_outcome(const Process& process, Kind kind, Outcome outcome);

}  // namespace crm
