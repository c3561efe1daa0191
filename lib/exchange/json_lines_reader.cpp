#include "exchange/json_lines_reader.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "exchange/fault.h"

namespace crm {

JsonLinesReader::JsonLinesReader(TextReader& text, std::size_t capacity)
    : buffer_(text, capacity), file_(text.file()) {
  skip_space();
  if (!is_at('[')) return;
  is_array_ = true;
  buffer_.advance_to(buffer_.begin() + 1);
}

bool JsonLinesReader::next() {
  fault_.reset();
  record_ = {};
  if (!(is_array_ ? find_element() : find_line())) return false;
  auto fault = object_.parse(record_);
  const bool cut = !is_array_ && fault && fault->offset >= record_.size();
  if (cut && extend_line()) fault = object_.parse(record_);
  take_record();
  if (!fault) return true;
  fault_ = Problem{place(fault->offset), fault->message, {}, line_text(fault->offset)};
  if (cut) fault_->hint = "is the file cut off?";
  return true;
}

// Takes the line for the record.
bool JsonLinesReader::find_line() {
  skip_space();
  line_ = next_line_;
  if (buffer_.is_empty()) return false;
  for (;;) {
    const std::string_view text = buffer_.text();
    const std::size_t end = text.find('\n');
    if (end != std::string_view::npos || buffer_.is_last()) {
      record_ = text.substr(0, end);
      check_size(record_.size());
      return true;
    }
    need_more();
  }
}

// Takes an object that goes over several lines for the record. One that is never closed is sought just once:
// else every line of a damaged file would be searched to its end.
bool JsonLinesReader::extend_line() {
  const std::size_t line = record_.size();
  std::optional<std::size_t> size;
  while (may_extend_ && !size) {
    size = element_size();
    if (size) break;
    may_extend_ = !buffer_.is_last() && buffer_.text().size() <= kLongestRecord;
    if (may_extend_) buffer_.refill();
  }
  const bool longer = size && *size > line && *size <= kLongestRecord;
  record_ = buffer_.text().substr(0, longer ? *size : line);
  return longer;
}

bool JsonLinesReader::find_element() {
  if (ended_) return false;
  skip_space();
  line_ = next_line_;
  if (is_at(']')) {
    ended_ = true;
    buffer_.advance_to(buffer_.begin() + 1);
    skip_space();
    line_ = next_line_;
    if (!buffer_.is_empty()) refuse("unexpected text behind the array", {});
    return false;
  }
  if (!std::exchange(first_, false)) {
    if (!is_at(',')) refuse("',' or ']' is expected behind an object", {});
    buffer_.advance_to(buffer_.begin() + 1);
    skip_space();
    line_ = next_line_;
  }
  if (buffer_.is_empty() || is_at(',') || is_at(']')) refuse("a value is expected in the array", {});
  for (;;) {
    if (const auto size = element_size()) {
      record_ = buffer_.text().substr(0, *size);
      check_size(record_.size());
      return true;
    }
    if (buffer_.is_last()) refuse("the value that begins here is never closed", {});
    need_more();
  }
}

// The size of the value at the beginning of the buffer, or nothing where its end is not in it.
std::optional<std::size_t> JsonLinesReader::element_size() const {
  const std::string_view text = buffer_.text();
  std::size_t depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char character = text[i];
    if (quoted) {
      if (character == '\\') {
        ++i;
      } else if (character == '"') {
        quoted = false;
        if (depth == 0) return i + 1;
      }
    } else if (character == '"') {
      quoted = true;
    } else if (character == '{' || character == '[') {
      ++depth;
    } else if (character == '}' || character == ']') {
      if (depth <= 1) return i + depth;
      --depth;
    } else if (depth == 0 && (character == ',' || character == ' ' || character == '\t' ||
                              character == '\r' || character == '\n')) {
      return i;
    }
  }
  return std::nullopt;
}

void JsonLinesReader::take_record() {
  next_line_ = line_ + std::count(record_.begin(), record_.end(), '\n');
  buffer_.advance_to(buffer_.begin() + record_.size());
}

void JsonLinesReader::skip_space() {
  for (;;) {
    const std::string_view text = buffer_.text();
    const std::size_t end = std::min(text.find_first_not_of(" \t\r\n"), text.size());
    next_line_ += std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(end), '\n');
    buffer_.advance_to(buffer_.begin() + end);
    if (!buffer_.is_empty() || !buffer_.refill()) return;
  }
}

bool JsonLinesReader::is_at(char character) {
  return !buffer_.is_empty() && *buffer_.begin() == character;
}

void JsonLinesReader::need_more() {
  check_size(buffer_.text().size());
  buffer_.refill();
}

void JsonLinesReader::check_size(std::size_t record) const {
  if (record > kLongestRecord)
    refuse("a record of more than 16 MiB begins here", "put each object on one line");
}

Location JsonLinesReader::place(std::size_t offset) const {
  return place_in_record(record_.substr(0, offset), line_, file_);
}

std::string JsonLinesReader::line_text(std::size_t offset) const {
  return line_around(record_, offset);
}

void JsonLinesReader::refuse(std::string message, std::string hint) const {
  throw_fault({{file_, static_cast<int>(line_), 0}, std::move(message), std::move(hint), {}});
}

}  // namespace crm
