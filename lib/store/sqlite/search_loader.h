// Many new texts into the search index: a thread of its own makes their words and a segment of them, in a
// temporary database, while the connection goes on writing rows; in the end it becomes one of the
// connection's index.
#pragma once

#include <sqlite3.h>

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/key_ranges.h"
#include "store/connection.h"
#include "store/sqlite/search_segments.h"
#include "store/sqlite/segment_builder.h"

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
  // The connection must be in a transaction, and its index does not have the texts until finish(). It
  // collects words of so many bytes. Throws Error{io}.
  SearchLoader(sqlite3* connection, std::size_t memory);
  // Without finish() the index is as if no text had been added; the transaction must be rolled back.
  ~SearchLoader();
  SearchLoader(const SearchLoader&) = delete;
  SearchLoader& operator=(const SearchLoader&) = delete;

  // A key that has no text yet. Throws Error{io} where an earlier text could not be indexed.
  void add(std::int64_t key, const std::shared_ptr<const WordMaker>& maker, std::string_view values);
  // Whether the key was added.
  bool has(std::int64_t key) const { return added_.has(key); }
  // The words of such a key are others now; empty: there are none. Throws as add() does.
  void replace(std::int64_t key, std::string_view former, std::string_view words);
  // There are no more: the thread completes what it makes, while the connection does other work.
  void end();
  // Waits for the thread and makes its index a part of the connection's, in its transaction. Throws
  // Error{io}.
  void finish();

 private:
  struct Change {
    std::int64_t key;
    std::string former, words;
  };
  struct Batch {
    std::shared_ptr<const WordMaker> maker;
    std::vector<std::int64_t> keys;
    std::vector<std::size_t> ends;  // of the values of each text in `values`
    std::string values;

    std::vector<Change> changes;  // after these

    std::string_view values_of(std::size_t i) const {
      const std::size_t begin = i == 0 ? 0 : ends[i - 1];
      return std::string_view(values).substr(begin, ends[i] - begin);
    }
  };

  void open_sides(std::size_t memory);
  void wait_for_words();
  void adopt_merged(AdoptedSegments& segments);
  void hand_over();
  void work();
  void index(const Batch& batch);
  void merge();
  void stop();
  void fail_if_failed() const;

  sqlite3* connection_;
  OpenTables open_;
  std::vector<sqlite3*> sides_;  // only the thread uses them and the builder until that has its words
  std::optional<SegmentBuilder> builder_;
  KeyRanges added_;
  Batch filling_;
  std::size_t filled_ = 0;  // bytes
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Batch> waiting_;
  bool ended_ = false;
  bool has_words_ = false;                 // all of them: what is left is to merge them
  std::deque<const SegmentPart*> merged_;  // by the thread, and not adopted yet
  bool failed_ = false;
  std::thread thread_;
};

}  // namespace crm
