// Which pairs of records are worth comparing.
#pragma once

#include <cstdint>
#include <vector>

#include "duplicates/record_table.h"

namespace crm {

// A pair of places in the table, the smaller one in the upper half.
using PairKey = std::uint64_t;
inline std::size_t first_of(PairKey pair) {
  return static_cast<std::size_t>(pair >> 32);
}
inline std::size_t second_of(PairKey pair) {
  return static_cast<std::size_t>(pair & 0xffffffffU);
}

// Pairs that have a rare value in common, a rare word or part of a number, or two frequent values: each once,
// in order. No group of records with something in common yields more than a bounded number of pairs for each
// record.
std::vector<PairKey> candidate_pairs(const RecordTable& table);

}  // namespace crm
