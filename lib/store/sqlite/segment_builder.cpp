#include "store/sqlite/segment_builder.h"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "store/sqlite/run_reader.h"
#include "store/sqlite/segment_pages.h"
#include "store/sqlite/varint.h"

namespace crm {
namespace {

constexpr std::size_t kMostMemory = 7'000'000;  // of the words that are collected
constexpr std::size_t kPiece = 30'000;          // of a run, in bytes

// The next text of a doclist. False at its end.
bool take_posting(std::string_view& doclist, std::int64_t& key, std::string_view& places) {
  std::uint64_t step = 0, size = 0;
  if (!take_varint(doclist, step) || !take_varint(doclist, size)) return false;
  key = static_cast<std::int64_t>(static_cast<std::uint64_t>(key) + step);
  places = doclist.substr(0, size / 2);
  doclist.remove_prefix(places.size());
  return true;
}

// The doclists of a word, of several runs, one behind the other.
void add_in_turn(SegmentPages& pages, const std::vector<std::string_view>& doclists) {
  std::string_view places;
  for (std::string_view doclist : doclists) {
    std::int64_t key = 0;
    while (take_posting(doclist, key, places)) pages.add(key, places);
  }
}

void add_sorted(SegmentPages& pages, const std::vector<std::string_view>& doclists) {
  std::vector<std::pair<std::int64_t, std::string_view>> postings;
  std::string_view places;
  for (std::string_view doclist : doclists) {
    std::int64_t key = 0;
    while (take_posting(doclist, key, places)) postings.emplace_back(key, places);
  }
  std::sort(postings.begin(), postings.end());
  for (const auto& [posting_key, its_places] : postings) pages.add(posting_key, its_places);
}

}  // namespace

SegmentBuilder::SegmentBuilder(sqlite3* side)
    : side_(side), last_key_(std::numeric_limits<std::int64_t>::min()) {
  run_script(side_,
             "CREATE TABLE piece (id INTEGER PRIMARY KEY, bytes BLOB);"
             "CREATE TABLE page (id INTEGER PRIMARY KEY, block BLOB);"
             "CREATE TABLE beginning (term BLOB, page INTEGER)");
  insert_piece_ = LoaderStatement(side_, "INSERT INTO piece (id, bytes) VALUES (?1, ?2)");
}

void SegmentBuilder::add(std::int64_t key, std::string_view text) {
  in_order_ = in_order_ && key > last_key_;
  last_key_ = key;
  postings_.add(key, text);
  ++text_count_;
  if (postings_.memory() >= kMostMemory) put_aside();
}

void SegmentBuilder::put_aside() {
  word_count_ += postings_.word_count();
  std::int64_t id = first_piece(runs_++);
  std::string piece;
  const auto write = [&] {
    insert_piece_.bind(1, id++);
    insert_piece_.bind_blob(2, piece);
    insert_piece_.step();
    piece.clear();
  };
  postings_.take([&](std::string_view word, std::string_view doclist) {
    append_varint(piece, word.size());
    piece += word;
    append_varint(piece, doclist.size());
    piece += doclist;
    if (piece.size() >= kPiece) write();
  });
  if (!piece.empty()) write();
}

void SegmentBuilder::finish() {
  if (!postings_.is_empty()) put_aside();
  postings_ = Postings();  // its memory is what the merging needs
  merge();
  insert_piece_ = LoaderStatement();
  run_script(side_, "DROP TABLE piece");
}

void SegmentBuilder::merge() {
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
  for (std::int64_t run = 0; run < runs_; ++run) {
    runs.emplace_back(side_, run);
    if (!runs.back().next()) runs.pop_back();
  }
  const auto is_later = [&runs](std::size_t a, std::size_t b) {
    const int order = runs[a].compare(runs[b]);
    return order != 0 ? order > 0 : a > b;
  };
  std::vector<std::size_t> heap;
  for (std::size_t i = 0; i < runs.size(); ++i) heap.push_back(i);
  std::make_heap(heap.begin(), heap.end(), is_later);
  std::vector<std::size_t> same;  // the runs that have the word
  std::vector<std::string_view> doclists;
  while (!heap.empty()) {
    same.clear();
    doclists.clear();
    do {
      std::pop_heap(heap.begin(), heap.end(), is_later);
      same.push_back(heap.back());
      doclists.push_back(runs[heap.back()].doclist());
      heap.pop_back();
    } while (!heap.empty() && runs[heap.front()].compare(runs[same.front()]) == 0);
    pages.begin_word(runs[same.front()].word());
    if (in_order_) {
      add_in_turn(pages, doclists);
    } else {
      add_sorted(pages, doclists);
    }
    for (const std::size_t run : same) {
      if (!runs[run].next()) continue;
      heap.push_back(run);
      std::push_heap(heap.begin(), heap.end(), is_later);
    }
  }
  page_count_ = pages.finish();
}

}  // namespace crm
