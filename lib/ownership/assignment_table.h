// The workflow's assignment table, held against one record.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crm/ownership.h"
#include "ownership/candidates.h"
#include "records/record_values.h"

namespace crm {

struct AssignmentDecision {
  AssignmentExplanation explanation;
  const AssignmentRow* row = nullptr;  // the one that decided; null: none matched
  std::vector<Candidate> candidates;   // of that row
  std::size_t picked = std::string::npos;

  std::optional<std::int64_t> user() const {
    return picked == std::string::npos ? std::nullopt : std::optional(candidates[picked].user);
  }
};

// Whom the table gives the record to. Nothing is changed.
AssignmentDecision decide_assignment(Session& session, const StoredRecord& record,
                                     RecordValues::Derived derived);
// It is carried out: the turn is taken, and the ownership log says why. Inside a Write; the caller writes the
// record.
void carry_out(Session& session, RecordId record, const AssignmentDecision& decision);

// A recorded explanation for the acting user: without what it says of each person, but for those who see all.
std::string without_loads(Session& session, std::string_view explanation);

}  // namespace crm
