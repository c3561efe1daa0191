// Many new texts into the search index: a thread of its own indexes them in a temporary database while the
// connection goes on writing rows; in the end what it made becomes a segment of the connection's index.
#pragma once

#include <sqlite3.h>

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "store/sqlite/loader_statement.h"

namespace crm {

// While there is one, the tables behind the index can be written.
class OpenTables {
 public:
  explicit OpenTables(sqlite3* database);
  ~OpenTables();
  OpenTables(const OpenTables&) = delete;
  OpenTables& operator=(const OpenTables&) = delete;

 private:
  sqlite3* database_;
};

class SearchLoader {
 public:
  // The connection must be in a transaction, and its index does not have the texts until finish(). Throws
  // Error{io}.
  explicit SearchLoader(sqlite3* connection);
  // Without finish() the index is as if no text had been added; the transaction must be rolled back.
  ~SearchLoader();
  SearchLoader(const SearchLoader&) = delete;
  SearchLoader& operator=(const SearchLoader&) = delete;

  // A key that has no text yet. Throws Error{io} where an earlier text could not be indexed.
  void add(std::int64_t key, std::string_view text);
  // There are no more: the thread completes what it makes, while the connection does other work.
  void end();
  // Waits for the thread and makes its index a part of the connection's, in its transaction. Throws
  // Error{io}.
  void finish();

 private:
  struct Batch {
    std::vector<std::int64_t> keys;
    std::vector<std::size_t> ends;  // of each text in `texts`
    std::string texts;

    std::string_view text(std::size_t i) const {
      const std::size_t begin = i == 0 ? 0 : ends[i - 1];
      return std::string_view(texts).substr(begin, ends[i] - begin);
    }
  };

  void open_side();
  void keep(const Batch& batch);
  void hand_over();
  void work();
  void index(const Batch& batch);
  void stop();
  void fail_if_failed() const;

  sqlite3* connection_;
  OpenTables open_;
  sqlite3* side_ = nullptr;  // only the thread uses it while that runs
  LoaderStatement keep_;     // a text in the connection's table of texts
  LoaderStatement keep_several_;
  LoaderStatement insert_;  // a text into the index beside it
  Batch filling_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Batch> waiting_;
  bool ended_ = false;
  bool failed_ = false;
  std::thread thread_;
};

}  // namespace crm
