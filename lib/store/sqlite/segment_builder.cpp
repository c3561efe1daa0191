#include "store/sqlite/segment_builder.h"

#include <limits>

#include "base/index_words.h"

namespace crm {
namespace {

std::uint64_t count_words(std::string_view text) {
  std::uint64_t count = 0;
  each_index_word(text, [&count](std::string_view) { ++count; });
  return count;
}

}  // namespace

SegmentBuilder::SegmentBuilder(std::span<sqlite3* const> sides, std::size_t memory)
    : memory_(memory),
      parts_(sides.begin(), sides.end()),
      replaced_(sides.front()),
      last_key_(std::numeric_limits<std::int64_t>::min()) {}

void SegmentBuilder::add(std::int64_t key, std::string_view text) {
  in_order_ = in_order_ && key > last_key_;
  last_key_ = key;
  postings_.add(key, text);
  ++text_count_;
  if (postings_.memory() >= memory_) put_aside();
}

void SegmentBuilder::replace(std::int64_t key, std::string_view former, std::string_view text) {
  if (!replaced_.put(key, text) || former.empty()) return;
  --text_count_;
  word_count_ -= count_words(former);
}

void SegmentBuilder::put_aside() {
  if (runs_ == 0 && postings_.memory() >= memory_) bounds_ = postings_.bounds(parts_.size());
  word_count_ += postings_.word_count();
  std::size_t part = 0;
  postings_.take([&](std::string_view word, std::string_view doclist) {
    while (part < bounds_.size() && word >= bounds_[part]) ++part;
    parts_[part].put_aside(word, doclist);
  });
  for (SegmentPart& one : parts_) one.end_run();
  ++runs_;
}

void SegmentBuilder::put_aside_replaced() {
  replaced_.take([this](std::int64_t key, std::string_view text) {
    if (text.empty()) return;
    postings_.add(key, text);
    ++text_count_;
    if (postings_.memory() >= memory_) put_aside();
  });
  if (!postings_.is_empty()) put_aside();
}

void SegmentBuilder::end() {
  if (!postings_.is_empty()) put_aside();
  runs_of_added_ = runs_;
  put_aside_replaced();
  postings_ = Postings();  // its memory is what the merging needs
}

SegmentPart* SegmentBuilder::merge_next() {
  const std::size_t next = next_part_++;
  if (next >= parts_.size()) return nullptr;
  parts_[next].merge({runs_of_added_, replaced_, in_order_});
  return &parts_[next];
}

}  // namespace crm
