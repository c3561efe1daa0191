// Texts that changed after a segment's builder had taken their words: as they are in the end, in a table of
// the temporary database.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/function_ref.h"
#include "store/sqlite/loader_statement.h"

namespace crm {

class ReplacedTexts {
 public:
  // The temporary database must outlive it. Throws Error{io}, as all of it does.
  explicit ReplacedTexts(sqlite3* side) : side_(side) {}

  bool is_empty() const { return bits_.empty(); }
  // Whether it is the key's first.
  bool put(std::int64_t key, std::string_view text);
  // Gives `visit` the texts in the order of their keys. Then no more may be put, and has() answers.
  void take(FunctionRef<void(std::int64_t key, std::string_view text)> visit);
  bool has(std::int64_t key) const { return may_have(key) && is_there(key); }

 private:
  static constexpr std::size_t kKeyBits = std::size_t{1} << 22;

  static std::size_t bit_of(std::int64_t key) { return static_cast<std::size_t>(key) % kKeyBits; }
  bool may_have(std::int64_t key) const { return !is_empty() && bits_[bit_of(key)]; }
  bool is_there(std::int64_t key) const;

  sqlite3* side_;
  LoaderStatement find_, write_;
  std::vector<bool> bits_;          // of keys, by their last bits: most others are told apart by these
  std::vector<std::int64_t> keys_;  // sorted
};

}  // namespace crm
