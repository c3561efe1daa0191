// What follows by itself when a lead is written: its first stage, its moments, its rows of stage changes.
#pragma once

#include "records/reactor.h"

namespace crm {

class LeadRules final : public Reactor {
 public:
  void before(Session& session, RecordChange& change) override;
  void after(Session& session, const RecordChange& change) override;
};

// Whether the workflow asks for anything before a record of that kind may come into one of its stages.
bool has_stage_fields(Session& session, Kind kind);
// Throws Error{invalid} where a row of a file brings a lead into a stage that requires what it does not have.
// `before`: null for a new one.
void check_row_stage(Session& session, const StoredRecord* before, const StoredRecord& lead);

// Brings the record's stage, with its moments, to what its latest stage change says (the latest in time; at
// the same moment the later in the workflow's order), if that is one of those numbered from `first` on: the
// ones that an import wrote. What came later than these stands. False where nothing is to be done.
bool settle_stage(Session& session, RecordId record, std::int64_t first);

}  // namespace crm
