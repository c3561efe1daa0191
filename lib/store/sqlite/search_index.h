// The texts of the search index, as a connection writes them. FTS5 makes a segment of what it was given
// whenever a savepoint, a search or a commit comes, and merges these for long: so texts wait until there are
// several, and those of a load of many go to a loader.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/function_ref.h"
#include "store/connection.h"
#include "store/sqlite/loader_statement.h"

namespace crm {

class SearchLoader;

class SearchIndex {
 public:
  // Both must outlive it; it runs its statements by the connection.
  SearchIndex(Connection& connection, sqlite3* database);
  ~SearchIndex();
  SearchIndex(const SearchIndex&) = delete;
  SearchIndex& operator=(const SearchIndex&) = delete;

  // Many new texts are to come.
  void prepare_bulk_load() { bulk_load_ = true; }
  // As Connection::index_text.
  void put(std::int64_t key, std::optional<std::string_view> text, bool was_indexed);
  // As Connection::find_texts.
  void find(const TextSearch& search, FunctionRef<void(std::int64_t)> visit);

  // Whether FTS5 lacks what was put.
  bool is_behind() const;
  // No more new texts come for now: a loader's thread completes what it makes.
  void end_load();
  // FTS5 has what was put.
  void catch_up();

  // With the connection's savepoints.
  void mark();
  void release();
  void rewind() noexcept;
  // With the end of its transaction.
  void clear() noexcept;

 private:
  struct Change {
    std::int64_t key;
    std::string text;  // empty: it goes
    bool was_indexed;
  };
  struct Mark {
    std::size_t size;
    std::size_t written;
  };

  bool loads();
  std::vector<std::int64_t> written_matches(const TextSearch& search);
  void write(const Change& change);
  void write_waiting();
  void write_changed();
  void remove_texts();
  void make_anew(const std::vector<std::int64_t>& removed);

  Connection& connection_;
  sqlite3* database_;
  bool bulk_load_ = false;
  std::optional<LoaderStatement> find_;
  std::vector<Change> waiting_;  // the written ones stay while a savepoint may take back that they are
  std::size_t written_ = 0;
  std::vector<Mark> marks_;
  std::int64_t texts_put_ = 0;  // new ones, in this transaction of a bulk load
  std::unique_ptr<SearchLoader> loader_;
  // In a bulk load: what goes, and texts that change while a loader may hold them or others go.
  std::vector<std::int64_t> removed_;
  std::map<std::int64_t, std::string> changed_;
};

}  // namespace crm
