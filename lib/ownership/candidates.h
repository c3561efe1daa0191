// The people of a row of the assignment table, and which of them can take a record.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "crm/session.h"
#include "process/assignment.h"
#include "records/stored_record.h"

namespace crm {

struct Candidate {
  std::int64_t user = 0;
  std::string name;
  std::string why_not;  // empty: can take it
  int weight = 1;
  std::int64_t open = 0;
  std::int64_t today = 0;
  bool full = false;  // has as many as the row allows
};

// In the order of the row; of a team in the order of their numbers; each once.
std::vector<Candidate> candidates_of(Session& session, const AssignmentRow& row, const StoredRecord& record);

// Picks one of those who can: its place, or npos where nobody can. What `by` remembers stays as it is.
std::size_t pick(Session& session, Kind kind, const AssignmentRow& row,
                 const std::vector<Candidate>& candidates);
// The pick was carried out: the next turn is somebody else's.
void take_turn(Session& session, Kind kind, const AssignmentRow& row,
               const std::vector<Candidate>& candidates, std::size_t picked);

// The next in a round after the one who had the last turn, among those with `can`; npos where nobody can.
// `users` are in order.
std::size_t next_in_turn(Session& session, const std::string& round, const std::vector<std::int64_t>& users,
                         const std::vector<bool>& can);
void set_last_turn(Session& session, const std::string& round, std::int64_t user);

}  // namespace crm
