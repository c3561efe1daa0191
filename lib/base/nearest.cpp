// "Did you mean": the nearest of the known names.
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"

namespace crm {
namespace {

std::u32string characters_of(std::string_view text) {
  std::u32string out;
  while (!text.empty()) out += next_character(text);
  return out;
}

// Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours, each counted once.
std::size_t edit_distance(const std::u32string& a, const std::u32string& b) {
  std::vector<std::size_t> before_last(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substituted = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, substituted});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before_last[j - 2] + 1);
      }
    }
    before_last.swap(last);
    last.swap(row);
  }
  return last[b.size()];
}

std::size_t tolerance(std::size_t length) {
  const std::size_t by_length = length <= 4 ? 1 : length <= 8 ? 2 : 3;
  return length == 0 ? 0 : std::min(by_length, length - 1);
}

}  // namespace

std::optional<std::string> nearest(std::string_view name, const std::vector<std::string>& candidates) {
  constexpr std::size_t kLongest = 200;  // nobody means a name by a text longer than that
  const std::u32string wanted = characters_of(folded(name.substr(0, 4 * kLongest)));
  if (wanted.empty() || wanted.size() > kLongest) return std::nullopt;
  const std::string* best = nullptr;
  std::size_t best_distance = tolerance(wanted.size()) + 1;
  const std::string* completion = nullptr;
  std::size_t completions = 0;
  for (const std::string& candidate : candidates) {
    const std::u32string known = characters_of(folded(candidate));
    if (known.starts_with(wanted)) {
      completion = &candidate;
      ++completions;
    }
    if (known.size() + best_distance <= wanted.size() || wanted.size() + best_distance <= known.size())
      continue;
    const std::size_t distance = edit_distance(wanted, known);
    if (distance < best_distance) {
      best_distance = distance;
      best = &candidate;
    }
  }
  constexpr std::size_t kSureStart = 3;  // "neg" is the start of "negotiation" rather than a mistyped "new"
  if (completions == 1 && (best == nullptr || wanted.size() >= kSureStart)) return *completion;
  if (best != nullptr) return *best;
  return std::nullopt;
}

}  // namespace crm
