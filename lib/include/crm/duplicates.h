// Records that are there twice.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "crm/export.h"
#include "crm/records.h"

namespace crm {

// How likely two records are one for them to be listed, kept apart at `add`, and merged without a person's
// look.
inline constexpr double kListedScore = 0.6;  // where the workflow file does not say
inline constexpr double kRefusedScore = 0.9;
inline constexpr double kMergedScore = 0.97;

// One field's part in a score: the base-2 logarithm of how much more likely this agreement (or difference) is
// between two records of one thing than between two of different things.
struct DuplicateTerm {
  std::string field;
  double weight = 0;
};

struct DuplicatePair {
  RecordId a, b;     // the smaller number first
  double score = 0;  // the probability that they are one
  std::optional<std::int64_t>
      cluster;  // from 1; absent where the pair's records are in clusters that do not fit together
  std::vector<DuplicateTerm> terms;
};

struct DuplicateQuery {
  Kind kind = Kind::customer;
  std::optional<double> min_score;  // default: the workflow's threshold
};

// The pairs of records (not deleted) of the kind that are likely one, best first. Fields are compared one to
// one; what the agreement of a field says is learned from the records themselves. Candidates share a value, a
// word or a part of a number: the time grows with n log n. Error{usage} for a kind that cannot be compared.
CRM_API std::vector<DuplicatePair> find_duplicates(Session& session, const DuplicateQuery& query);

// Those that are likely the same as a record that was just written, best first; for a verb that then refuses
// it.
CRM_API std::vector<DuplicatePair> duplicates_of(Session& session, RecordId record,
                                                 double min_score = kRefusedScore);

}  // namespace crm
