#include "store/sqlite/segment_part.h"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "store/sqlite/run_reader.h"
#include "store/sqlite/segment_pages.h"
#include "store/sqlite/varint.h"

namespace crm {
namespace {

constexpr std::size_t kPiece = 30'000;  // of a run, in bytes

// Goes through the postings of doclists, one behind the other.
class PostingCursor {
 public:
  // Those of the texts that were replaced, if that is given, are left out.
  PostingCursor(std::span<const std::string_view> doclists, const ReplacedTexts* replaced)
      : doclists_(doclists), replaced_(replaced) {
    next();
  }

  bool is_at_end() const { return at_end_; }
  // Whether the one before it in the doclist was the present one before.
  bool follows() const { return follows_; }
  std::int64_t key() const { return static_cast<std::int64_t>(key_); }
  std::string_view places() const { return places_; }
  void next() {
    follows_ = true;
    while (!rest_.empty() || take_doclist()) {
      if (take()) return;
      follows_ = false;
    }
    follows_ = false;
    at_end_ = true;
  }
  // Goes on from one that follows; returns those that it leaves, as the doclist has them: less than `size`
  // bytes, of keys below `limit`, and the last of these keys.
  std::pair<std::string_view, std::int64_t> leave(std::size_t size, std::int64_t limit) {
    const char* const begin = begin_;
    std::size_t left = 0;
    std::int64_t last = 0;
    for (bool kept = true; kept;) {
      const auto with_it = static_cast<std::size_t>(rest_.data() - begin);
      if (key() >= limit || with_it >= size) return {{begin, left}, last};
      left = with_it;
      last = key();
      kept = !rest_.empty() && take();
    }
    // The doclist ends there, or a replaced one comes.
    next();
    follows_ = false;
    return {{begin, left}, last};
  }

 private:
  // False where there is none.
  bool take_doclist() {
    while (rest_.empty()) {
      if (doclists_.empty()) return false;
      rest_ = doclists_.front();
      doclists_ = doclists_.subspan(1);
    }
    key_ = 0;
    follows_ = false;
    return true;
  }

  // Of the rest, which is not empty. False where it is replaced.
  bool take() {
    begin_ = rest_.data();
    std::uint64_t step = 0, size = 0;
    take_varint(rest_, step);
    take_varint(rest_, size);
    key_ += step;
    places_ = rest_.substr(0, size / 2);
    rest_.remove_prefix(places_.size());
    return replaced_ == nullptr || !replaced_->has(key());
  }

  std::span<const std::string_view> doclists_;
  const ReplacedTexts* replaced_;
  std::string_view rest_;        // of the present one
  const char* begin_ = nullptr;  // of the posting
  bool follows_ = false;
  std::uint64_t key_ = 0;
  std::string_view places_;
  bool at_end_ = false;
};

// `added`: how many of the doclists are of texts as they were added.
void add_word(SegmentPages& pages, std::string_view word, std::span<const std::string_view> doclists,
              std::size_t added, const SegmentPart::Merging& merging) {
  PostingCursor first(doclists.first(added), merging.replaced.is_empty() ? nullptr : &merging.replaced);
  PostingCursor second(doclists.subspan(added), nullptr);
  if (first.is_at_end() && second.is_at_end()) return;
  pages.begin_word(word);
  if (merging.in_order) {
    while (!first.is_at_end() || !second.is_at_end()) {
      const bool is_first = second.is_at_end() || (!first.is_at_end() && first.key() < second.key());
      PostingCursor& next = is_first ? first : second;
      const PostingCursor& other = is_first ? second : first;
      pages.add(next.key(), next.places());
      next.next();
      if (!next.follows()) continue;
      constexpr std::int64_t kNoLimit = std::numeric_limits<std::int64_t>::max();
      const auto [postings, last] = next.leave(pages.room(), other.is_at_end() ? kNoLimit : other.key());
      if (!postings.empty()) pages.add_encoded(postings, last);
    }
    return;
  }
  std::vector<std::pair<std::int64_t, std::string_view>> postings;
  for (PostingCursor* const cursor : {&first, &second}) {
    for (; !cursor->is_at_end(); cursor->next()) postings.emplace_back(cursor->key(), cursor->places());
  }
  std::sort(postings.begin(), postings.end());
  for (const auto& [key, places] : postings) pages.add(key, places);
}

}  // namespace

SegmentPart::SegmentPart(sqlite3* side) : side_(side) {
  run_script(side_,
             "CREATE TABLE piece (id INTEGER PRIMARY KEY, bytes BLOB);"
             "CREATE TABLE page (id INTEGER PRIMARY KEY, block BLOB);"
             "CREATE TABLE beginning (term BLOB, page INTEGER)");
  insert_piece_ = LoaderStatement(side_, "INSERT INTO piece (id, bytes) VALUES (?1, ?2)");
}

void SegmentPart::put_aside(std::string_view word, std::string_view doclist) {
  append_varint(piece_, word.size());
  piece_ += word;
  append_varint(piece_, doclist.size());
  piece_ += doclist;
  if (piece_.size() >= kPiece) write_piece();
}

void SegmentPart::write_piece() {
  insert_piece_.bind(1, next_piece_++);
  insert_piece_.bind_blob(2, piece_);
  insert_piece_.step();
  piece_.clear();
}

void SegmentPart::end_run() {
  if (!piece_.empty()) write_piece();
  next_piece_ = first_piece(++runs_);
}

void SegmentPart::merge(const Merging& merging) {
  LoaderStatement insert_page(side_, "INSERT INTO page (id, block) VALUES (?1, ?2)");
  LoaderStatement insert_beginning(side_, "INSERT INTO beginning (term, page) VALUES (?1, ?2)");
  SegmentPages pages(
      [&](std::int64_t id, std::string_view page) {
        insert_page.bind(1, id);
        insert_page.bind_blob(2, page);
        insert_page.step();
      },
      [&](std::string_view beginning, std::int64_t page) {
        insert_beginning.bind_blob(1, beginning);
        insert_beginning.bind(2, page);
        insert_beginning.step();
      });
  std::vector<RunReader> runs;
  runs.reserve(static_cast<std::size_t>(runs_));  // none may move once it reads
  std::size_t of_added = 0;
  for (std::int64_t run = 0; run < runs_; ++run) {
    runs.emplace_back(side_, run);
    if (!runs.back().next()) runs.pop_back();
    if (run < merging.runs_of_added) of_added = runs.size();
  }
  struct Next {
    WordOrder order;
    std::size_t run;
  };
  const auto is_later = [&runs](const Next& a, const Next& b) {
    if (a.order != b.order) return b.order < a.order;
    const int order = runs[a.run].compare(runs[b.run]);
    return order != 0 ? order > 0 : a.run > b.run;
  };
  std::vector<Next> heap;
  for (std::size_t i = 0; i < runs.size(); ++i) heap.push_back({runs[i].order(), i});
  std::make_heap(heap.begin(), heap.end(), is_later);
  std::vector<std::size_t> same;  // the runs that have the word
  std::vector<std::string_view> doclists;
  while (!heap.empty()) {
    same.clear();
    doclists.clear();
    do {
      std::pop_heap(heap.begin(), heap.end(), is_later);
      same.push_back(heap.back().run);
      doclists.push_back(runs[same.back()].doclist());
      heap.pop_back();
    } while (!heap.empty() && runs[heap.front().run].compare(runs[same.front()]) == 0);
    const auto added =
        std::count_if(same.begin(), same.end(), [=](std::size_t run) { return run < of_added; });
    add_word(pages, runs[same.front()].word(), doclists, static_cast<std::size_t>(added), merging);
    for (const std::size_t run : same) {
      if (!runs[run].next()) continue;
      heap.push_back({runs[run].order(), run});
      std::push_heap(heap.begin(), heap.end(), is_later);
    }
  }
  page_count_ = pages.finish();
}

}  // namespace crm
