// A segment of an FTS5 index out of words that were put aside, run by run, each run in their order: in the
// end the runs are merged.
#pragma once

#include <sqlite3.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "store/sqlite/loader_statement.h"
#include "store/sqlite/replaced_texts.h"

namespace crm {

class SegmentPages;

class SegmentPart {
 public:
  // What it puts aside and makes goes into tables of the temporary database, which must outlive it, and which
  // nobody else uses while one of its functions runs. Throws Error{io}, as all of it does.
  explicit SegmentPart(sqlite3* side);

  // The next word of a run, in the order of their bytes, with its doclist as FTS5 writes it.
  void put_aside(std::string_view word, std::string_view doclist);
  void end_run();

  // How what was put aside is to be merged.
  struct Merging {
    std::int64_t runs_of_added;     // the first; the others are of the texts that replaced some of these
    const ReplacedTexts& replaced;  // their former texts are left out
    bool in_order;                  // each key of the runs was greater than the one before
  };
  // Then the side's tables page (id, block) and beginning (term, page) hold the segment.
  void merge(const Merging& merging);

  sqlite3* side() const { return side_; }
  // Known once it has merged.
  std::int64_t page_count() const { return page_count_; }

 private:
  void write_piece();

  sqlite3* side_;
  LoaderStatement insert_piece_;
  std::string piece_;
  std::int64_t runs_ = 0;
  std::int64_t next_piece_ = 0;
  std::int64_t page_count_ = 0;
};

}  // namespace crm
