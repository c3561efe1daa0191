// A file's text as UTF-8, whatever encoding it is in: block by block, without ever replacing a character.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "exchange/byte_source.h"

namespace crm {

struct TextEncoding {
  std::string name;       // as iconv calls it: "UTF-8", "GB18030", …
  bool detected = false;  // not named by the user, nor by a byte order mark
};

class TextReader {
 public:
  // `file` is how the user names the source, for errors. `encoding` as encoding_by_name() takes it; empty: by
  // its byte order mark, else detected. Throws Error{usage} for an unknown encoding, Error{invalid} where the
  // name and the mark disagree.
  TextReader(std::unique_ptr<ByteSource> bytes, std::string file, std::string_view encoding = {});
  ~TextReader();
  TextReader(const TextReader&) = delete;
  TextReader& operator=(const TextReader&) = delete;

  // Reads up to `size` (at least 8) bytes of UTF-8, possibly ending inside a character that the next call
  // goes on with; 0 only at the end. Throws Error{io}; Error{invalid} for NUL and for bytes that are not in
  // the encoding, naming line and byte.
  std::size_t read(char* into, std::size_t size);

  // The first bytes of the text, at most 4 KiB, which read() still gives. Only before the first read().
  // Throws as it does.
  std::string_view peek();

  const TextEncoding& encoding() const { return encoding_; }
  const std::string& file() const { return file_; }
  // How much of the source has been used, from 0 to 1; 0 where its size is not known.
  double part_read() const {
    const std::uint64_t size = bytes_->size();
    return size == 0 ? 0 : static_cast<double>(offset_) / static_cast<double>(size);
  }

 private:
  class Converter;

  void choose_encoding(std::string_view named);
  struct Sample;
  Sample take_sample();
  std::size_t read_checked(char* into, std::size_t size);
  std::size_t read_bytes(char* into, std::size_t size);
  std::size_t read_utf8(char* into, std::size_t size);
  std::size_t read_converted(char* into, std::size_t size);
  void check(std::string_view text);
  [[noreturn]] void refuse(std::string_view before, std::string message, std::string hint);

  std::unique_ptr<ByteSource> bytes_;
  std::string file_;
  TextEncoding encoding_;
  std::unique_ptr<Converter> converter_;  // null for UTF-8
  std::string pending_;                   // bytes read for detection from a source that cannot go back
  std::size_t pending_used_ = 0;
  std::string head_;              // peeked at, still to be read
  std::string carried_;           // what the last block ended with: a part of a character, or a ^Z
  std::uint64_t offset_ = 0;      // bytes of the source used so far
  std::uint64_t line_feeds_ = 0;  // in the text given out so far
  std::uint64_t carriage_returns_ = 0;
  bool at_end_ = false;
};

}  // namespace crm
