// Words and their doclists in order, as they were put aside in pieces in a temporary database.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "store/sqlite/loader_statement.h"

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
  // Below 0, 0 or above it, as this one's word comes before, is, or comes after the other's.
  int compare(const RunReader& other) const {
    if (beginning_ != other.beginning_) return beginning_ < other.beginning_ ? -1 : 1;
    return word_.compare(other.word_);
  }

 private:
  std::string_view take_bytes();

  LoaderStatement select_;
  std::int64_t next_piece_;
  std::string piece_;
  std::size_t at_ = 0;  // in it
  std::string_view word_;
  std::string_view doclist_;
  std::uint64_t beginning_ = 0;  // of the word, as a number that orders as its bytes do
};

}  // namespace crm
