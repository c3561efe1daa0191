// What follows by itself when a lead is written: its first stage, its moments, its rows of stage changes.
#pragma once

#include "records/reactor.h"

namespace crm {

class LeadRules final : public Reactor {
 public:
  void before(Session& session, RecordChange& change) override;
  void after(Session& session, const RecordChange& change) override;
};

// Brings the record's stage, with its moments, to what its latest stage change says (the latest in time; at
// the same moment the later in the workflow's order). For imported stage changes. False where it is so
// already.
bool settle_stage(Session& session, RecordId record);

}  // namespace crm
