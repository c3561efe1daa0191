#include "store/sqlite/segment_pages.h"

#include <algorithm>
#include <utility>

#include "store/sqlite/varint.h"

namespace crm {
namespace {

constexpr std::size_t kPageSize = 4050;  // FTS5's own where none is set
constexpr std::size_t kHeader = 4;
constexpr char kMainIndex = '0';  // before each word
constexpr int kLongDoclist = 4;   // pages without a word that are worth a doclist index
constexpr int kPageBits = 31;
constexpr int kHeightBits = 5;

std::int64_t doclist_page_id(std::size_t height, std::int64_t page) {
  return (std::int64_t{1} << (kPageBits + kHeightBits)) + (static_cast<std::int64_t>(height) << kPageBits) +
         page;
}

void put_u16(std::string& bytes, std::size_t at, std::size_t number) {
  bytes[at] = static_cast<char>(number >> 8);
  bytes[at + 1] = static_cast<char>(number & 0xFF);
}

std::size_t common_beginning(std::string_view a, std::string_view b) {
  const std::size_t most = std::min(a.size(), b.size());
  return static_cast<std::size_t>(
      std::mismatch(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(most), b.begin()).first - a.begin());
}

std::size_t first_varint_size(std::string_view bytes) {
  std::size_t size = 1;
  while (size < 9 && size < bytes.size() && static_cast<unsigned char>(bytes[size - 1]) >= 0x80) ++size;
  return size;
}

// The first key that a page of the doclist index was begun with.
std::int64_t first_key(std::string_view page) {
  std::uint64_t number = 0;
  page.remove_prefix(1);
  take_varint(page, number);  // of the page of the segment
  take_varint(page, number);
  return static_cast<std::int64_t>(number);
}

}  // namespace

SegmentPages::SegmentPages(TakePage take_page, TakeBeginning take_beginning)
    : take_page_(std::move(take_page)),
      take_beginning_(std::move(take_beginning)),
      page_(kHeader, '\0'),
      levels_(1) {}

void SegmentPages::begin_word(std::string_view text) {
  std::string word(1, kMainIndex);
  word += text;
  if (filled() + word.size() + 2 >= kPageSize && page_.size() > kHeader) write_page();
  append_varint(footer_, page_.size() - last_in_footer_);
  last_in_footer_ = page_.size();
  const std::size_t common = common_beginning(word_, word);
  if (!first_word_in_page_) {
    append_varint(page_, common);
    append_varint(page_, word.size() - common);
    page_.append(word, common);
  } else {
    if (page_number_ != 1) {
      write_beginning();
      beginning_ = word.substr(0, word_.empty() ? word.size() : common + 1);
      beginning_page_ = page_number_;
    }
    append_varint(page_, word.size());
    page_ += word;
  }
  word_ = std::move(word);
  first_word_in_page_ = false;
  first_key_in_page_ = false;
  first_key_of_word_ = true;
  levels_.front().page = page_number_;
}

void SegmentPages::add(std::int64_t key, std::string_view places) {
  if (filled() >= kPageSize) write_page();
  if (first_key_in_page_) {
    put_u16(page_, 0, page_.size());
    note_first_key(key);
  }
  const bool whole = first_key_in_page_ || first_key_of_word_;
  append_varint(page_, static_cast<std::uint64_t>(whole ? key : key - key_));
  key_ = key;
  first_key_in_page_ = first_key_of_word_ = false;
  append_varint(page_, 2 * places.size());
  // Places go on in the next page, but none is cut in two.
  while (filled() + places.size() >= kPageSize) {
    const std::size_t room = kPageSize - std::min(kPageSize, filled());
    std::size_t size = 0;
    while (size < room) size += first_varint_size(places.substr(size));
    page_.append(places, 0, size);
    places.remove_prefix(size);
    write_page();
  }
  page_ += places;
}

std::size_t SegmentPages::room() const {
  return first_key_in_page_ || filled() >= kPageSize ? 0 : kPageSize - filled();
}

void SegmentPages::write_page() {
  put_u16(page_, 2, page_.size());
  if (first_word_in_page_) {
    // A page within a long list of places has no key either.
    if (first_key_in_page_ && !levels_.front().bytes.empty()) append_varint(levels_.front().bytes, 0);
    ++pages_without_word_;
  } else {
    page_ += footer_;
  }
  take_page_(page_number_++, page_);
  page_.assign(kHeader, '\0');
  footer_.clear();
  last_in_footer_ = 0;
  first_word_in_page_ = first_key_in_page_ = true;
}

void SegmentPages::write_beginning() {
  if (beginning_page_ == 0) return;
  const bool has_index = write_doclist_index();
  take_beginning_(beginning_, (beginning_page_ << 1) | (has_index ? 1 : 0));
  beginning_page_ = 0;
}

// Of the page's last word, if its doclist is long.
bool SegmentPages::write_doclist_index() {
  const bool is_long = !levels_.front().bytes.empty() && pages_without_word_ >= kLongDoclist;
  for (std::size_t height = 0; height < levels_.size(); ++height) {
    DoclistLevel& level = levels_[height];
    if (level.bytes.empty()) break;
    if (is_long) take_page_(doclist_page_id(height, level.page), level.bytes);
    level.bytes.clear();
    level.has_last_key = false;
  }
  pages_without_word_ = 0;
  return is_long;
}

// The page begins with a key of the doclist. A full page of the doclist index is written, and the first key
// of the next goes to the level above as well.
void SegmentPages::note_first_key(std::int64_t key) {
  bool has_room = false;
  for (std::size_t height = 0; !has_room; ++height) {
    has_room = levels_[height].bytes.size() < kPageSize;
    if (!has_room) {
      if (height + 1 == levels_.size()) levels_.emplace_back();
      DoclistLevel& level = levels_[height];
      level.bytes.front() = 1;  // not the root
      take_page_(doclist_page_id(height, level.page), level.bytes);
      DoclistLevel& above = levels_[height + 1];
      if (above.bytes.empty()) {
        above.page = level.page;
        above.last_key = first_key(level.bytes);
        above.has_last_key = true;
        append_varint(above.bytes, 0);
        append_varint(above.bytes, static_cast<std::uint64_t>(level.page));
        append_varint(above.bytes, static_cast<std::uint64_t>(above.last_key));
      }
      level.bytes.clear();
      level.has_last_key = false;
      ++level.page;
    }
    DoclistLevel& level = levels_[height];
    std::int64_t number = key - level.last_key;
    if (!level.has_last_key) {
      append_varint(level.bytes, has_room ? 0 : 1);
      append_varint(level.bytes,
                    static_cast<std::uint64_t>(height == 0 ? page_number_ : levels_[height - 1].page));
      number = key;
    }
    append_varint(level.bytes, static_cast<std::uint64_t>(number));
    level.has_last_key = true;
    level.last_key = key;
  }
}

std::int64_t SegmentPages::finish() {
  if (page_.size() > kHeader) write_page();
  write_beginning();
  return page_number_ - 1;
}

}  // namespace crm
