// Which words the search index may hold: a search for one that it does not hold is over at once. FTS5 asks
// each of its segments instead, of which there are many while small writes come.
#pragma once

#include <sqlite3.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "store/sqlite/loader_statement.h"
#include "store/sqlite/word_hashes.h"

namespace crm {

class WordFilter {
 public:
  explicit WordFilter(sqlite3* database) : database_(database) {}

  // Before a search, inside a transaction: whether it is worth to make() it now, since so many searches were
  // made without.
  bool is_due();
  // Reads the words out of FTS5, which must have been given all texts; gives up where they are too many.
  void make();
  // Whether the index holds no text that has all words of any of the ways (TextSearch).
  bool excludes(const std::vector<std::vector<std::string_view>>& ways) const;

  bool is_made() const { return is_made_; }
  // A text that the index has.
  void add(std::string_view text);
  // The index is given others without it.
  void forget();
  // The index loses a text, which a rollback would bring back: its words are not read in this transaction.
  void note_removal() { has_removed_ = true; }
  void begin_transaction() { has_removed_ = false; }

 private:
  bool may_hold(std::string_view word) const;
  std::int64_t data_version();

  sqlite3* database_;
  std::optional<LoaderStatement> version_query_;
  std::int64_t version_ = 0;  // of the database, but for what this connection writes
  bool is_made_ = false;
  bool has_removed_ = false;
  std::size_t searches_ = 0;  // without it
  std::size_t due_ = 64;      // worth to be made after so many
  WordHashes words_;
};

}  // namespace crm
