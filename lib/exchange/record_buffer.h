// The part of a text that is being parsed: whole records, one behind the other, in one stretch of memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "crm/error.h"
#include "exchange/text_reader.h"

namespace crm {

// No record may be longer, so that memory is bounded whatever the file holds.
constexpr std::size_t kLongestRecord = std::size_t{16} << 20;
constexpr std::size_t kLongestField = std::size_t{1} << 20;
constexpr std::size_t kMostColumns = 10'000;

class RecordBuffer {
 public:
  static constexpr std::size_t kUsualCapacity = std::size_t{64} << 10;

  RecordBuffer(TextReader& text, std::size_t capacity);

  const char* begin() const { return data_.get() + begin_; }
  const char* end() const { return data_.get() + end_; }
  std::string_view text() const { return {begin(), end_ - begin_}; }
  bool is_empty() const { return begin_ == end_; }
  // All of the text that is left is in the buffer.
  bool is_last() const { return at_end_; }

  // Reads on behind end(), keeping all from begin(); pointers into the buffer become invalid. False at the
  // end of the text. Throws as TextReader::read does.
  bool refill();
  // Goes on to `position`, which lies between begin() and end(). What is before it stays readable until
  // refill().
  void advance_to(const char* position) { begin_ = static_cast<std::size_t>(position - data_.get()); }

 private:
  TextReader& text_;
  std::unique_ptr<char[]> data_;
  std::size_t capacity_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  bool at_end_ = false;
};

// The number of line ends (LF, CR LF, lone CR) in the text.
std::int64_t count_line_ends(std::string_view text);

// The place of a byte of a record that begins at (line, 1), and the line it lies in as far as `rest` shows
// it.
Location place_in_record(std::string_view before, std::int64_t line, const std::string& file);
std::string line_around(std::string_view text, std::size_t offset);

}  // namespace crm
