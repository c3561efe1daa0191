// Talks of a file that say when the next one is due.
#pragma once

#include <cstdint>

#include "records/session_state.h"

namespace crm {

// Plans are made in order of time once all rows are in, whatever the order of the rows; until then they are
// in one of the engine's temporary tables, so that memory does not grow with the file.
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
