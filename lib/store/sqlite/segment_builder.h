// Segments of an FTS5 index out of many texts: their words are collected in memory, put aside in order when
// they become many, and merged in the end.
#pragma once

#include <sqlite3.h>

#include <atomic>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/sqlite/postings.h"
#include "store/sqlite/replaced_texts.h"
#include "store/sqlite/segment_part.h"

namespace crm {

class SegmentBuilder {
 public:
  // Words of so many bytes are collected in memory; what is more goes into tables of the temporary databases,
  // which must outlive the builder. Each of these has a part of the words, from one word to another. Throws
  // Error{io}, as all of it does.
  SegmentBuilder(std::span<sqlite3* const> sides, std::size_t memory);

  // A key once.
  void add(std::int64_t key, std::string_view text);
  // The text of a key that was added, or whose former text was empty, is another one now; empty: there is
  // none.
  void replace(std::int64_t key, std::string_view former, std::string_view text);
  // There are no more texts.
  void end();
  // Merges a part that nobody has begun with, and returns it; nullptr where there is none. Several threads
  // may call it at once, after end().
  SegmentPart* merge_next();

  // Known after end().
  std::uint64_t text_count() const { return text_count_; }
  std::uint64_t word_count() const { return word_count_; }

 private:
  void put_aside();
  void put_aside_replaced();

  std::size_t memory_;
  Postings postings_;
  std::vector<SegmentPart> parts_;
  std::vector<std::string> bounds_;  // the first words of all parts but the first; none where there are few
  ReplacedTexts replaced_;
  std::int64_t runs_ = 0;
  std::int64_t runs_of_added_ = 0;  // the others are of the texts that replaced these
  std::int64_t last_key_ = 0;
  bool in_order_ = true;  // each key is greater than the one before
  std::atomic<std::size_t> next_part_ = 0;
  std::uint64_t text_count_ = 0;
  std::uint64_t word_count_ = 0;
};

}  // namespace crm
