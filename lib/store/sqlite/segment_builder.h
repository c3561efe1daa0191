// A segment of an FTS5 index out of many texts: their words are collected in memory, put aside in order when
// they become many, and merged in the end.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <span>
#include <string_view>

#include "store/sqlite/loader_statement.h"
#include "store/sqlite/postings.h"
#include "store/sqlite/replaced_texts.h"

namespace crm {

class SegmentPages;

class SegmentBuilder {
 public:
  // Words of so many bytes are collected in memory; what is more goes into tables of the temporary database,
  // which must outlive the builder. Throws Error{io}, as all of it does.
  SegmentBuilder(sqlite3* side, std::size_t memory);

  // A key once.
  void add(std::int64_t key, std::string_view text);
  // The text of a key that was added, or whose former text was empty, is another one now; empty: there is
  // none.
  void replace(std::int64_t key, std::string_view former, std::string_view text);
  // Then the side's tables page (id, block) and beginning (term, page) hold the segment.
  void finish();

  // Known once it has finished.
  std::int64_t page_count() const { return page_count_; }
  std::uint64_t text_count() const { return text_count_; }
  std::uint64_t word_count() const { return word_count_; }

 private:
  void put_aside();
  void put_aside_replaced();
  void merge();
  void add_word(SegmentPages& pages, std::string_view word, std::span<const std::string_view> doclists,
                std::size_t added) const;

  sqlite3* side_;
  std::size_t memory_;
  LoaderStatement insert_piece_;
  Postings postings_;
  ReplacedTexts replaced_;
  std::int64_t runs_ = 0;
  std::int64_t runs_of_added_ = 0;  // the others are of the texts that replaced these
  std::int64_t last_key_ = 0;
  bool in_order_ = true;  // each key is greater than the one before
  std::int64_t page_count_ = 0;
  std::uint64_t text_count_ = 0;
  std::uint64_t word_count_ = 0;
};

}  // namespace crm
