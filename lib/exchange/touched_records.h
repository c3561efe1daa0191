// What an import has to put right once all its rows are in: in the engine's temporary tables, so that memory
// does not grow with the file.
#pragma once

#include <cstdint>

#include "records/session_state.h"

namespace crm {

// Records that got stage changes: their stages are settled whatever the order of the rows.
class TouchedRecords {
 public:
  // The session must be writing until the end.
  explicit TouchedRecords(Session& session) : session_(session) {}
  void note(RecordId record);
  void settle_stages();

 private:
  Session& session_;
  bool made_ = false;
};

// Talks that say when the next one is due: plans are made in order of time, whatever the order of the rows.
class NextPlans {
 public:
  explicit NextPlans(Session& session) : session_(session) {}
  void note(const StoredRecord& talk, std::int64_t next_at);
  void plan();

 private:
  Session& session_;
  bool made_ = false;
};

}  // namespace crm
