// A set of hashes of words: one of very many costs 16 bytes and no allocation of its own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace crm {

class WordHashes {
 public:
  void insert(std::size_t hash) {
    if (2 * size_ >= places_.size()) grow();
    std::size_t& place = place_of(hash);
    if (place == kEmpty) ++size_;
    place = usable(hash);
  }
  bool holds(std::size_t hash) const {
    if (places_.empty()) return false;
    for (std::size_t at = first_place(hash);; at = next(at)) {
      if (places_[at] == usable(hash)) return true;
      if (places_[at] == kEmpty) return false;
    }
  }
  std::size_t size() const { return size_; }
  void clear() {
    places_ = {};
    size_ = 0;
  }

 private:
  static constexpr std::size_t kEmpty = 0;

  static std::size_t usable(std::size_t hash) { return hash == kEmpty ? 1 : hash; }
  // There are as many places as a power of two.
  std::size_t first_place(std::size_t hash) const { return usable(hash) & (places_.size() - 1); }
  std::size_t next(std::size_t at) const { return (at + 1) & (places_.size() - 1); }

  std::size_t& place_of(std::size_t hash) {
    std::size_t at = first_place(hash);
    while (places_[at] != kEmpty && places_[at] != usable(hash)) at = next(at);
    return places_[at];
  }

  void grow() {
    constexpr std::size_t kFirst = 1024;
    std::vector<std::size_t> former(places_.empty() ? kFirst : 2 * places_.size(), kEmpty);
    former.swap(places_);
    for (const std::size_t hash : former) {
      if (hash != kEmpty) place_of(hash) = hash;
    }
  }

  std::vector<std::size_t> places_;
  std::size_t size_ = 0;
};

}  // namespace crm
