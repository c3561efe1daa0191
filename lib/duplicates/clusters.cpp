#include "duplicates/clusters.h"

#include <algorithm>

namespace crm {
namespace {

constexpr double kLeastAverage = 0.5;
constexpr std::size_t kLargest = 50;

}  // namespace

std::unordered_map<std::size_t, std::int64_t> clusters(const std::vector<ScoredPair>& best_first,
                                                       FunctionRef<double(std::size_t, std::size_t)> score) {
  std::unordered_map<std::size_t, std::size_t> group_of;
  std::vector<std::vector<std::size_t>> groups;
  const auto group = [&](std::size_t record) {
    const auto [place, is_new] = group_of.emplace(record, groups.size());
    if (is_new) groups.push_back({record});
    return place->second;
  };
  for (const ScoredPair& pair : best_first) {
    std::size_t a = group(first_of(pair.pair)), b = group(second_of(pair.pair));
    if (a == b || groups[a].size() + groups[b].size() > kLargest) continue;
    double sum = 0;
    for (const std::size_t x : groups[a]) {
      for (const std::size_t y : groups[b]) sum += score(std::min(x, y), std::max(x, y));
    }
    if (sum < kLeastAverage * static_cast<double>(groups[a].size() * groups[b].size())) continue;
    if (groups[a].size() < groups[b].size()) std::swap(a, b);
    for (const std::size_t record : groups[b]) group_of[record] = a;
    groups[a].insert(groups[a].end(), groups[b].begin(), groups[b].end());
    groups[b].clear();
  }
  std::unordered_map<std::size_t, std::int64_t> numbers;
  std::unordered_map<std::size_t, std::int64_t> number_of;
  for (const ScoredPair& pair : best_first) {
    for (const std::size_t record : {first_of(pair.pair), second_of(pair.pair)}) {
      const std::size_t its = group_of[record];
      if (groups[its].size() < 2) continue;
      const auto number =
          number_of.emplace(its, static_cast<std::int64_t>(number_of.size()) + 1).first->second;
      numbers.emplace(record, number);
    }
  }
  return numbers;
}

}  // namespace crm
