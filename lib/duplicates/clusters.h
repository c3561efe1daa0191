// Pairs as groups of records that are one thing.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "base/function_ref.h"
#include "duplicates/blocking.h"

namespace crm {

struct ScoredPair {
  PairKey pair = 0;
  double score = 0;
};

// Joins records from the best pair down. Two groups become one only where their records are alike on the
// average, not where one pair connects them: `score` is asked for the pairs that were no candidates. Gives
// each record its group's number, from 1.
std::unordered_map<std::size_t, std::int64_t> clusters(const std::vector<ScoredPair>& best_first,
                                                       FunctionRef<double(std::size_t, std::size_t)> score);

}  // namespace crm
