// Rows of a file that say when the next follow-up is due: talks, and leads and customers.
#pragma once

#include <cstdint>

#include "records/session_state.h"

namespace crm {

// Plans are made in order of time once all rows are in, whatever the order of the rows; until then they are
// in one of the engine's temporary tables, so that memory does not grow with the file.
class NextPlans {
 public:
  explicit NextPlans(Session& session) : session_(session) {}
  // False where a row before it said the same.
  bool note(const StoredRecord& talk, std::int64_t next_at);
  void note_due(RecordId about, std::int64_t due);
  // Of a row whose talk, or record, was there already. A plan that the talk made is due at what the row says,
  // unless it was that once and somebody moved it, or `moves` is false. False where nothing is to be done.
  bool note_again(const StoredRecord& before, const StoredRecord& talk, std::int64_t next_at, bool moves);
  bool note_due_again(RecordId about, std::int64_t due);
  // A talk settles the plan before it; a record's own moment makes a plan where none is open. How many of the
  // latter were made.
  std::int64_t plan();

 private:
  bool keep(RecordId about, std::int64_t at, std::int64_t talk, std::int64_t next_at);
  void plan_contact(RecordId about, std::int64_t due);

  Session& session_;
  bool made_ = false;
};

}  // namespace crm
