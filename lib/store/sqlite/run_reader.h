// Words and their doclists in order, as they were put aside in pieces in a temporary database.
#pragma once

#include <sqlite3.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "store/sqlite/loader_statement.h"
#include "store/sqlite/postings.h"

namespace crm {

// The id of the first piece of a run; the others follow. A piece holds whole entries: the size of a word, the
// word, the size of its doclist, the doclist.
constexpr std::int64_t first_piece(std::int64_t run) {
  return run << 32;
}

class RunReader {
 public:
  RunReader(sqlite3* side, std::int64_t run);

  // False where no word is left. Then, and by the next call, what the others gave is gone.
  bool next();
  std::string_view word() const { return word_; }
  std::string_view doclist() const { return doclist_; }
  const WordOrder& order() const { return order_; }  // of the word
  // Below 0, 0 or above it, as this one's word comes before, is, or comes after the other's.
  int compare(const RunReader& other) const {
    if (order_ != other.order_) return order_ < other.order_ ? -1 : 1;
    return std::max(word_.size(), other.word_.size()) <= sizeof order_ ? 0 : word_.compare(other.word_);
  }

 private:
  std::string_view take_bytes();

  LoaderStatement select_;
  std::int64_t next_piece_;
  std::string piece_;
  std::size_t at_ = 0;  // in it
  std::string_view word_;
  std::string_view doclist_;
  WordOrder order_;  // of the word
};

}  // namespace crm
