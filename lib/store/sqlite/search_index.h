// The texts of the search index, as a connection writes them. FTS5 makes a segment of what it was given
// whenever a savepoint, a search or a commit comes, and merges these for long: so texts wait until there are
// several, and those of a load of many go to a loader. FTS5 keeps no texts: to take one out of its index, it
// must be told the words that it was put in with.
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
#include "store/sqlite/word_filter.h"

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
  // A loader may collect words of so many bytes.
  void set_load_memory(std::size_t bytes) { load_memory_ = bytes; }
  // As Connection::index_new, reindex, empty_index and fill_index.
  void put_new(std::int64_t key, const std::shared_ptr<const WordMaker>& maker, std::string_view values);
  void replace(std::int64_t key, std::string_view former, std::string_view words);
  void empty();
  bool is_emptied() const { return is_emptied_; }
  void fill() {
    is_emptied_ = false;
    bulk_load_ = true;
  }
  // As Connection::find_texts.
  void find(const TextSearch& search, FunctionRef<void(std::int64_t)> visit);

  // Whether a new text of the key, or another, goes to a thread: without a statement of the connection.
  bool is_to_load(std::int64_t key) const { return loader_ && changed_.count(key) == 0; }
  bool has_loaded(std::int64_t key) const;
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
  // With the beginning of its transaction, and its end.
  void begin_transaction() { filter_.begin_transaction(); }
  void clear() noexcept;

 private:
  struct Change {
    std::int64_t key;
    std::string former;  // empty: it had none
    std::string words;   // empty: it has none now
  };
  struct Mark {
    std::size_t size;
    std::size_t written;
  };

  void keep_newest(std::int64_t key, std::string_view words);
  void tell_newest();
  void forget_words();
  bool excludes(const TextSearch& search);
  bool loads();
  std::vector<std::int64_t> written_matches(const TextSearch& search);
  void write(const Change& change);
  void write_waiting();
  void write_changed();

  Connection& connection_;
  sqlite3* database_;
  bool bulk_load_ = false;
  std::size_t load_memory_ = 6'000'000;
  std::optional<LoaderStatement> find_;
  WordFilter filter_;
  // Put last, and not told to the filter: who looks for others like it need not search because of it.
  std::optional<Change> newest_;
  std::vector<Change> waiting_;  // the written ones stay while a savepoint may take back that they are
  std::size_t written_ = 0;
  std::size_t waiting_bytes_ = 0;  // since texts were written
  std::vector<Mark> marks_;
  std::int64_t texts_put_ = 0;  // new ones, in this transaction of a bulk load
  std::unique_ptr<SearchLoader> loader_;
  std::map<std::int64_t, Change> changed_;  // texts that change while there is a loader, which lacks them
  std::size_t changed_bytes_ = 0;
  bool is_emptied_ = false;  // and stays so, whatever is put, until it is filled
};

}  // namespace crm
