// How likely two records are one, by what their fields have in common: the model of Fellegi and Sunter
// (1969), with the rarity of each value, and a third class for records that only belong together (colleagues,
// neighbours), which share what they share.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "duplicates/blocking.h"

namespace crm {

// How alike the fields of a pair are, in the order of the table's fields.
using Pattern = std::array<Likeness, 24>;

class MatchModel {
 public:
  // What is known before any record is seen. The table must outlive it.
  explicit MatchModel(const RecordTable& table);

  // Learns from the candidates how often one thing's records differ in a field, and how many pairs are one
  // (expectation maximisation, held near the first guess while there are few).
  void learn(std::span<const PairKey> candidates);

  Pattern compare(std::size_t a, std::size_t b) const;
  // The probability that the two are one.
  double score(std::size_t a, std::size_t b, const Pattern& pattern) const;
  // Each field's part in it, in bits; 0 where it says nothing.
  std::vector<double> weights(std::size_t a, std::size_t b, const Pattern& pattern) const;

 private:
  using Rates = std::array<double, kLikenesses>;
  struct Likelihoods {
    double one = 0, related = 0, strangers = 0;
  };

  void sample_strangers();
  double stranger_rate(std::size_t a, std::size_t b, std::size_t field, Likeness likeness) const;
  Likelihoods likelihoods(std::size_t a, std::size_t b, const Pattern& pattern) const;

  const RecordTable& table_;
  std::size_t name_ = 0;          // the field of the name; the number of fields where there is none
  std::vector<Rates> one_;        // by field: of two records of one thing
  std::vector<Rates> related_;    // of two that belong together, in the fields that these share
  std::vector<Rates> strangers_;  // of any two
  double one_share_;              // of all pairs
  double related_share_;
};

}  // namespace crm
