// Keys that mostly come one after the other, in little memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>

namespace crm {

class KeyRanges {
 public:
  // One too many for the memory that they may take is not known.
  void add(std::int64_t key) {
    const auto after = lasts_.upper_bound(key);
    if (after != lasts_.begin()) {
      std::int64_t& last = std::prev(after)->second;
      if (key <= last) return;
      if (key == last + 1) {
        last = key;
        return;
      }
    }
    if (lasts_.size() < kMostRanges) lasts_.emplace_hint(after, key, key);
  }
  bool has(std::int64_t key) const {
    const auto after = lasts_.upper_bound(key);
    return after != lasts_.begin() && key <= std::prev(after)->second;
  }

 private:
  static constexpr std::size_t kMostRanges = 50'000;

  std::map<std::int64_t, std::int64_t> lasts_;  // by the first
};

}  // namespace crm
