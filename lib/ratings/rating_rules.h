// What follows by itself for scores and levels: they are worked out anew whenever a record, or a follow-up
// about it, is written.
#pragma once

#include "records/reactor.h"

namespace crm {

class RatingRules final : public Reactor {
 public:
  void before(Session& session, RecordChange& change) override;
  void after(Session& session, const RecordChange& change) override;
};

// The record with its ratings as they are now.
StoredRecord rated_anew(Session& session, const StoredRecord& record);

}  // namespace crm
