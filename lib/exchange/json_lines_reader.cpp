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
  if (const auto fault = object_.parse(record_)) {
    fault_ = Problem{place(fault->offset), fault->message, {}, line_text(fault->offset)};
    const bool cut = fault->offset >= record_.size();
    if (!is_array_ && cut) fault_->hint = "put each object on one line, or all of them in one array '[…]'";
  }
  return true;
}

bool JsonLinesReader::find_line() {
  skip_space();
  line_ = next_line_;
  if (buffer_.is_empty()) return false;
  for (;;) {
    const std::string_view text = buffer_.text();
    const std::size_t end = text.find('\n');
    if (end != std::string_view::npos || buffer_.is_last()) {
      take_record(std::min(end, text.size()));
      return true;
    }
    need_more();
  }
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
  if (!is_at('{')) refuse("an object '{…}' is expected in the array", {});
  for (;;) {
    if (const auto size = element_size()) {
      take_record(*size);
      return true;
    }
    if (buffer_.is_last()) refuse("the object that begins here is never closed", {});
    need_more();
  }
}

// The size of the object at the beginning of the buffer, or nothing where its end is not in it.
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
      }
    } else if (character == '"') {
      quoted = true;
    } else if (character == '{') {
      ++depth;
    } else if (character == '}' && --depth == 0) {
      return i + 1;
    }
  }
  return std::nullopt;
}

void JsonLinesReader::take_record(std::size_t size) {
  check_size(size);
  record_ = buffer_.text().substr(0, size);
  next_line_ = line_ + std::count(record_.begin(), record_.end(), '\n');
  buffer_.advance_to(buffer_.begin() + size);
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
