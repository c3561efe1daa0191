#include "store/sqlite/word_hashes.h"

#include <doctest/doctest.h>

#include <cstddef>
#include <unordered_set>

#include "../random.h"

TEST_CASE("a set of hashes holds what it was given and nothing else") {
  crm::WordHashes hashes;
  std::unordered_set<std::size_t> model;
  CHECK_FALSE(hashes.holds(7));
  crm::Random random(77);
  for (int i = 0; i < 20'000; ++i) {
    // Many that share their low bits.
    const std::size_t hash = random.between<std::size_t>(1, 3000) << (random.one_in(2) ? 20 : 0);
    hashes.insert(hash);
    model.insert(hash);
    CHECK(hashes.size() == model.size());
  }
  for (std::size_t i = 1; i <= 6000; ++i) {
    CHECK(hashes.holds(i) == (model.count(i) > 0));
    CHECK(hashes.holds(i << 20) == (model.count(i << 20) > 0));
  }
  hashes.insert(0);
  CHECK(hashes.holds(0));
  hashes.clear();
  CHECK(hashes.size() == 0);
  CHECK_FALSE(hashes.holds(*model.begin()));
}
