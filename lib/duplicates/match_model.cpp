#include "duplicates/match_model.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "duplicates/repeated_name.h"

namespace crm {
namespace {

constexpr std::array<double, kLikenesses> kOne{0.12, 0.06, 0.14, 0.68};
constexpr std::array<double, kLikenesses> kRelated{0.15, 0.05, 0.05, 0.75};
// The guess counts as much as that many pairs.
constexpr double kGuessWeight = 25;
// One thing's names may be written in two ways, but are seldom two names.
constexpr double kMostOtherNames = 0.12;
constexpr int kRounds = 8;
// A database of few records is a part of a larger world, in which values are not as frequent.
constexpr double kWorld = 3000;

// How many strangers have a value of the sort in common, in that world.
double usual_rate(Sort sort) {
  switch (sort) {
    case Sort::phone:
    case Sort::email:
      return 1e-6;
    case Sort::company:
      return 1e-5;
    case Sort::name:
    case Sort::text:
    case Sort::number:
      return 2e-4;
  }
  return 1e-4;
}

std::size_t index_of(Likeness likeness) {
  return static_cast<std::size_t>(likeness);
}

// A small generator of its own: the same records give the same scores.
class Draw {
 public:
  std::size_t below(std::size_t bound) {
    state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<std::size_t>((state_ >> 33) % bound);
  }

 private:
  std::uint64_t state_ = 42;
};

}  // namespace

MatchModel::MatchModel(const RecordTable& table) : table_(table) {
  const std::size_t fields = table.fields().size();
  for (name_ = 0; name_ < fields && table.fields()[name_].field->name != "name";) ++name_;
  one_.assign(fields, kOne);
  related_.assign(fields, kRelated);
  const auto size = static_cast<double>(table.size());
  one_share_ = 0.1 / (size + 50);
  related_share_ = one_share_;
  sample_strangers();
}

void MatchModel::sample_strangers() {
  const std::size_t fields = table_.fields().size();
  std::vector<std::array<double, kLikenesses>> counts(fields);
  for (auto& one : counts) one = {20, 0.05, 0.02, 0};
  if (table_.size() >= 2) {
    Draw draw;
    const std::size_t rounds = std::min<std::size_t>(40000, table_.size() * table_.size() / 2);
    for (std::size_t i = 0; i < rounds; ++i) {
      const std::size_t a = draw.below(table_.size()), b = draw.below(table_.size());
      if (a == b) continue;
      const Pattern pattern = compare(a, b);
      for (std::size_t field = 0; field < fields; ++field) {
        if (pattern[field] != Likeness::missing) counts[field][index_of(pattern[field])] += 1;
      }
    }
  }
  strangers_ = counts;
  for (auto& rates : strangers_) {
    const double sum = rates[0] + rates[1] + rates[2] + rates[3];
    for (double& rate : rates) rate /= sum;
  }
}

Pattern MatchModel::compare(std::size_t a, std::size_t b) const {
  Pattern pattern;
  pattern.fill(Likeness::missing);
  const auto& fields = table_.fields();
  for (std::size_t i = 0; i < fields.size(); ++i)
    pattern[i] = likeness(fields[i], table_.value(a, i), table_.value(b, i));
  // What an address has from the name is no second proof of it.
  for (std::size_t i = 0; i < fields.size() && name_ < fields.size(); ++i) {
    const bool alike = pattern[i] == Likeness::nearly || pattern[i] == Likeness::somewhat;
    if (fields[i].sort == Sort::email && alike &&
        only_repeats_names(table_.value(a, i), table_.value(a, name_), table_.value(b, i),
                           table_.value(b, name_)))
      pattern[i] = Likeness::missing;
  }
  // Values that changed places with those of another field.
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (index_of(pattern[i]) > 1 && pattern[i] != Likeness::missing) continue;
    for (std::size_t j = i + 1; j < fields.size(); ++j) {
      if (index_of(pattern[j]) > 1 && pattern[j] != Likeness::missing) continue;
      const std::string_view here = table_.value(a, i), there = table_.value(a, j);
      if (here.size() + there.size() < 4) continue;
      if (here == table_.value(b, j) && there == table_.value(b, i)) {
        pattern[i] = here.empty() ? Likeness::missing : Likeness::nearly;
        pattern[j] = there.empty() ? Likeness::missing : Likeness::nearly;
      }
    }
  }
  return pattern;
}

// How likely two strangers are so much alike: for equal values by how rare the value is besides these two.
double MatchModel::stranger_rate(std::size_t a, std::size_t b, std::size_t field, Likeness likeness) const {
  const double sampled = strangers_[field][index_of(likeness)];
  if (likeness == Likeness::different) return sampled;
  const double frequency = std::max<double>(table_.frequency(a, field), table_.frequency(b, field));
  const auto size = static_cast<double>(table_.size());
  const double others = std::max(0.5, frequency - (likeness == Likeness::equal ? 2 : 1));
  const double rate = (others + kWorld * usual_rate(table_.fields()[field].sort)) / (size + kWorld);
  if (likeness == Likeness::equal) return std::min(rate, 0.99);
  return std::min(0.99, std::max(sampled, rate));
}

MatchModel::Likelihoods MatchModel::likelihoods(std::size_t a, std::size_t b, const Pattern& pattern) const {
  Likelihoods all{one_share_, related_share_, 1};
  for (std::size_t i = 0; i < table_.fields().size(); ++i) {
    if (pattern[i] == Likeness::missing) continue;
    const std::size_t level = index_of(pattern[i]);
    const double strangers = stranger_rate(a, b, i, pattern[i]);
    all.one *= one_[i][level];
    all.strangers *= strangers;
    all.related *= table_.fields()[i].shared ? std::max(related_[i][level], strangers) : strangers;
  }
  return all;
}

double MatchModel::score(std::size_t a, std::size_t b, const Pattern& pattern) const {
  const Likelihoods all = likelihoods(a, b, pattern);
  const double sum = all.one + all.related + all.strangers;
  return sum > 0 ? all.one / sum : 0;
}

std::vector<double> MatchModel::weights(std::size_t a, std::size_t b, const Pattern& pattern) const {
  std::vector<double> weights(table_.fields().size(), 0);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (pattern[i] == Likeness::missing) continue;
    weights[i] = std::log2(one_[i][index_of(pattern[i])] / stranger_rate(a, b, i, pattern[i]));
  }
  return weights;
}

void MatchModel::learn(std::span<const PairKey> candidates) {
  constexpr std::size_t kMost = 100'000;
  const std::size_t step = candidates.size() / kMost + 1;
  std::vector<PairKey> pairs;
  std::vector<Pattern> patterns;
  for (std::size_t i = 0; i < candidates.size(); i += step) {
    pairs.push_back(candidates[i]);
    patterns.push_back(compare(first_of(candidates[i]), second_of(candidates[i])));
  }
  const auto size = static_cast<double>(table_.size());
  const double all_pairs = std::max(1.0, size * (size - 1) / 2);
  const std::size_t fields = table_.fields().size();
  for (int round = 0; round < kRounds; ++round) {
    double ones = 1, relateds = 1;
    std::vector<Rates> counts(fields);
    for (Rates& rates : counts) {
      for (std::size_t level = 0; level < kLikenesses; ++level)
        rates[level] = kOne[level] * std::max(kGuessWeight, size / 40);
    }
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      const Likelihoods all = likelihoods(first_of(pairs[i]), second_of(pairs[i]), patterns[i]);
      const double sum = all.one + all.related + all.strangers;
      if (sum <= 0) continue;
      const double weight = all.one / sum * static_cast<double>(step);
      ones += weight;
      relateds += all.related / sum * static_cast<double>(step);
      for (std::size_t field = 0; field < fields; ++field) {
        if (patterns[i][field] != Likeness::missing) counts[field][index_of(patterns[i][field])] += weight;
      }
    }
    for (std::size_t field = 0; field < fields; ++field) {
      const double sum = counts[field][0] + counts[field][1] + counts[field][2] + counts[field][3];
      for (std::size_t level = 0; level < kLikenesses; ++level)
        one_[field][level] = counts[field][level] / sum;
      if (table_.fields()[field].field->name == "name")
        one_[field][0] = std::min(one_[field][0], kMostOtherNames);
    }
    // Few records say little of how many of them are there twice.
    const double believed = size / (size + 50);
    ones = std::min(ones, size);
    one_share_ =
        std::exp(believed * std::log(ones / all_pairs) + (1 - believed) * std::log(0.1 / (size + 50)));
    related_share_ = std::exp(believed * std::log(std::max(relateds, ones / 4) / all_pairs) +
                              (1 - believed) * std::log(0.1 / (size + 50)));
  }
}

}  // namespace crm
