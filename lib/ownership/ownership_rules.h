// What follows by itself for the owner of a record: a new one without owner goes through the assignment
// table, and who loses one is remembered.
#pragma once

#include "records/reactor.h"

namespace crm {

class OwnershipRules final : public Reactor {
 public:
  void before(Session& session, RecordChange& change) override;
  void after(Session& session, const RecordChange& change) override;
};

}  // namespace crm
