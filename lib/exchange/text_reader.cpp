#include "exchange/text_reader.h"

#include <iconv.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/text.h"
#include "crm/error.h"
#include "exchange/encoding.h"
#include "exchange/fault.h"

namespace crm {
namespace {

constexpr std::size_t kBlock = std::size_t{64} << 10;
// What is looked at to tell the encoding, from the first bytes on that are not ASCII.
constexpr std::size_t kSample = std::size_t{4} << 20;

constexpr std::size_t kHead = std::size_t{4} << 10;

// How programs of old end a text (^Z). At the end of a source it is no part of it.
constexpr char kEndOfText = '\x1A';

std::size_t read_fully(ByteSource& bytes, char* into, std::size_t size) {
  std::size_t filled = 0;
  while (filled < size) {
    const std::size_t count = bytes.read(into + filled, size - filled);
    if (count == 0) break;
    filled += count;
  }
  return filled;
}

}  // namespace

// Feeds a block of the source's bytes to iconv.
class TextReader::Converter {
 public:
  explicit Converter(const std::string& encoding) : converter_(open_converter(encoding)) {
    if (converter_ == nullptr) throw Error(ErrorCode::usage, "unknown encoding " + quoted(encoding));
  }
  ~Converter() { iconv_close(converter_); }
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;

  enum class Stop { full, incomplete, invalid, used_up };
  // Converts what is in the block as far as there is room.
  Stop convert(char*& out, std::size_t& room, std::uint64_t& used) {
    char* in = block_.data() + begin_;
    std::size_t left = end_ - begin_;
    const std::size_t result = iconv(converter_, &in, &left, &out, &room);
    const int error = errno;
    used += (end_ - left) - begin_;
    begin_ = end_ - left;
    if (result != static_cast<std::size_t>(-1)) return Stop::used_up;
    return error == E2BIG ? Stop::full : error == EINVAL ? Stop::incomplete : Stop::invalid;
  }
  // The room behind what is still to be converted.
  std::pair<char*, std::size_t> space() {
    std::memmove(block_.data(), block_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
    return {block_.data() + end_, block_.size() - end_};
  }
  void add(std::size_t count) { end_ += count; }
  bool is_empty() const { return begin_ == end_; }

 private:
  iconv_t converter_;
  std::string block_ = std::string(kBlock, '\0');
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

struct TextReader::Sample {
  std::string text;
  bool from_start = true;  // nothing before it was passed over
  bool whole = false;      // reaches to the end of the source
};

TextReader::TextReader(std::unique_ptr<ByteSource> bytes, std::string file, std::string_view encoding)
    : bytes_(std::move(bytes)), file_(std::move(file)) {
  choose_encoding(encoding);
  if (encoding_.name != "UTF-8") converter_ = std::make_unique<Converter>(encoding_.name);
}

TextReader::~TextReader() = default;

TextReader::Sample TextReader::take_sample() {
  Sample sample;
  const bool can_go_back = bytes_->rewind();
  while (sample.text.size() < kSample) {
    const std::size_t before = sample.text.size();
    sample.text.resize(before + kBlock);
    const std::size_t count = read_fully(*bytes_, sample.text.data() + before, kBlock);
    sample.text.resize(before + count);
    sample.whole = count < kBlock;
    if (sample.whole) break;
    if (can_go_back && is_plain_ascii(sample.text)) {
      sample.text.clear();
      sample.from_start = false;
    }
  }
  if (!bytes_->rewind()) pending_ = sample.text;
  return sample;
}

void TextReader::choose_encoding(std::string_view named) {
  if (!named.empty()) encoding_.name = encoding_by_name(named);
  const Sample sample = take_sample();
  if (const char* format = sample.from_start ? binary_format(sample.text) : nullptr; format != nullptr) {
    const bool workbook = is_read_once(file_) && sample.text.starts_with("PK");
    throw Error(ErrorCode::invalid, quoted(file_) + " is " + format + ", not a text file",
                workbook ? "a workbook is read from a file, not from the standard input"
                         : "save the table as XLSX, CSV (UTF-8) or JSON lines");
  }
  const auto mark = sample.from_start ? byte_order_mark(sample.text) : std::nullopt;
  if (mark) {
    if (!mark->encoding.starts_with(encoding_.name)) {
      throw Error(ErrorCode::invalid,
                  quoted(file_) + " begins with the mark of " + std::string(mark->encoding) + ", not " +
                      std::string(encoding_label(encoding_.name)),
                  "leave out --encoding");
    }
    encoding_.name = mark->encoding;
    std::string skipped(mark->size, '\0');
    while (offset_ < mark->size) offset_ += read_bytes(skipped.data(), mark->size - offset_);
  } else if (named.empty()) {
    encoding_.name = guess_encoding(sample.text, sample.whole);
    encoding_.detected = true;
  }
}

std::size_t TextReader::read_bytes(char* into, std::size_t size) {
  if (pending_used_ < pending_.size()) {
    const std::size_t count = pending_.copy(into, size, pending_used_);
    pending_used_ += count;
    if (pending_used_ == pending_.size()) {
      pending_ = std::string();
      pending_used_ = 0;
    }
    return count;
  }
  return bytes_->read(into, size);
}

std::string_view TextReader::peek() {
  head_.resize(kHead);
  std::size_t filled = 0;
  while (kHead - filled >= 8) {
    const std::size_t count = read_checked(head_.data() + filled, kHead - filled);
    if (count == 0) break;
    filled += count;
  }
  head_.resize(filled);
  return head_;
}

std::size_t TextReader::read(char* into, std::size_t size) {
  if (head_.empty()) return read_checked(into, size);
  const std::size_t count = head_.copy(into, size);
  head_.erase(0, count);
  return count;
}

std::size_t TextReader::read_checked(char* into, std::size_t size) {
  const std::size_t count = converter_ ? read_converted(into, size) : read_utf8(into, size);
  check({into, count});
  return count;
}

std::size_t TextReader::read_utf8(char* into, std::size_t size) {
  while (!at_end_) {
    std::size_t filled = carried_.copy(into, size);
    const std::size_t count = read_bytes(into + filled, size - filled);
    at_end_ = count == 0;
    filled += count;
    carried_.clear();
    const std::string_view text(into, filled);
    std::size_t valid = std::min(find_invalid_utf8(text), filled);
    if (valid < filled) {
      if (at_end_ || filled - valid >= 4) {
        const std::string readings = possible_readings(text.substr(valid));
        refuse(text.substr(0, valid), "invalid UTF-8 at byte offset " + std::to_string(offset_ + valid),
               "name the encoding of the file by --encoding" + (readings.empty() ? "" : ": " + readings));
      }
      carried_ = text.substr(valid);
    } else if (valid > 0 && text.back() == kEndOfText) {
      --valid;
      if (!at_end_) carried_ = kEndOfText;
    }
    offset_ += valid;
    if (valid > 0) return valid;
  }
  return 0;
}

std::size_t TextReader::read_converted(char* into, std::size_t size) {
  char* const begin = into + carried_.copy(into, size);
  char* out = begin;
  std::size_t room = size - carried_.size();
  carried_.clear();
  while (out == begin) {
    const Converter::Stop stop = converter_->convert(out, room, offset_);
    if (out != begin) break;
    if (stop == Converter::Stop::invalid || (stop == Converter::Stop::incomplete && at_end_)) {
      refuse({},
             "invalid " + std::string(encoding_label(encoding_.name)) + " at byte offset " +
                 std::to_string(offset_),
             "name another encoding by --encoding");
    }
    if (at_end_) break;
    const auto [space, count] = converter_->space();
    const std::size_t got = read_bytes(space, count);
    converter_->add(got);
    at_end_ = got == 0;
  }
  if (out == begin) return 0;
  if (*(out - 1) != kEndOfText) return size - room;
  carried_ = kEndOfText;
  const auto count = static_cast<std::size_t>(out - into) - 1;
  return count > 0 ? count : read_converted(into, size);
}

void TextReader::check(std::string_view text) {
  if (const std::size_t at = text.find('\0'); at != std::string_view::npos) {
    // Behind a conversion the place in the file is not known to the byte.
    const std::string place =
        converter_ ? "" : " at byte offset " + std::to_string(offset_ - text.size() + at);
    refuse(text.substr(0, at), "a NUL character" + place, "is this a text file?");
  }
  line_feeds_ += static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n'));
  if (line_feeds_ == 0) {
    carriage_returns_ += static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\r'));
  }
}

void TextReader::refuse(std::string_view before, std::string message, std::string hint) {
  line_feeds_ += static_cast<std::uint64_t>(std::count(before.begin(), before.end(), '\n'));
  carriage_returns_ += static_cast<std::uint64_t>(std::count(before.begin(), before.end(), '\r'));
  const std::uint64_t line = 1 + (line_feeds_ > 0 ? line_feeds_ : carriage_returns_);
  throw_fault({{file_, static_cast<int>(line), 0}, std::move(message), std::move(hint), {}});
}

}  // namespace crm
