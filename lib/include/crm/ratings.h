// Scores and levels that the workflow's tables give to records.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "crm/export.h"
#include "crm/records.h"

namespace crm {

// One row of a table, held against the record.
struct RatingTerm {
  int line = 0;  // of the workflow file
  std::string when;
  bool matched = false;
  std::string why_not;  // the part of the condition that fails
  int points = 0;       // of a score
  std::string level;    // of a level
  std::string reason;
};

struct RatingExplanation {
  std::vector<RatingTerm> score_terms;  // none: the workflow has no such table for the kind
  std::vector<RatingTerm> level_terms;  // up to the one that counts
  std::optional<std::int64_t> score;    // what the table says now
  std::string level;
  std::string level_reason;
  std::string score_by_hand_until;  // a date; empty: the table counts
  std::string level_by_hand_until;
};

CRM_API RatingExplanation explain_rating(Session& session, RecordId record);
// The same as rows: what (score, level), line, when, counts, points, level, why.
CRM_API void list_rating(Session& session, RecordId record, RowSink& sink);

// Works the scores and levels of all records of the kind out anew, where time alone changed them (an age, the
// end of what was set by hand); returns those that changed. A Write of its own, or part of the surrounding
// one.
CRM_API std::vector<RecordId> refresh_ratings(Session& session, Kind kind);

}  // namespace crm
