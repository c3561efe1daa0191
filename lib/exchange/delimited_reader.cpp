#include "exchange/delimited_reader.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "exchange/byte_scan.h"
#include "exchange/fault.h"

namespace crm {

DelimitedReader::DelimitedReader(TextReader& text, std::optional<char> delimiter, std::size_t capacity)
    : buffer_(text, capacity), file_(text.file()) {
  buffer_.refill();
  delimiter_ = delimiter ? *delimiter : detect_delimiter(buffer_.text());
  skip_separator_line();
}

void DelimitedReader::skip_separator_line() {
  const std::string_view head = buffer_.text();
  if (head.size() < 6 || !head.starts_with("sep=") || (head[5] != '\r' && head[5] != '\n')) return;
  buffer_.advance_to(behind_line_end(head.data() + 5));
  next_line_ = 2;
}

void DelimitedReader::skip_empty_lines() {
  for (;;) {
    if (buffer_.is_empty() && !buffer_.refill()) return;
    const char* position = buffer_.begin();
    if (*position != '\n' && *position != '\r') return;
    if (is_cut_line_end(position)) {
      buffer_.refill();
      continue;
    }
    const char* const first = position;
    while (position < buffer_.end() && *position == '\n') ++position;
    if (position > first) {
      next_line_ += position - first;
      buffer_.advance_to(position);
      continue;
    }
    buffer_.advance_to(behind_line_end(position));
    ++next_line_;
  }
}

bool DelimitedReader::is_cut_line_end(const char* position) const {
  return position + 1 == buffer_.end() && *position == '\r' && !buffer_.is_last();
}

const char* DelimitedReader::behind_line_end(const char* position) const {
  if (position == buffer_.end()) return position;
  return position + (*position == '\r' && position + 1 < buffer_.end() && position[1] == '\n' ? 2 : 1);
}

bool DelimitedReader::next() {
  skip_empty_lines();
  line_ = next_line_;
  fault_.reset();
  if (buffer_.is_empty()) {
    fields_.clear();
    starts_.clear();
    record_ = {};
    return false;
  }
  while (scan_record() == Step::more) {
    check_size(buffer_.text().size());
    buffer_.refill();
  }
  unescape();
  return true;
}

DelimitedReader::Step DelimitedReader::scan_record() {
  fields_.clear();
  starts_.clear();
  escaped_.clear();
  quoted_ = false;
  const char* position = buffer_.begin();
  for (;;) {
    const bool opened = position < buffer_.end() && *position == '"';
    const Step step = opened ? scan_quoted(position) : scan_plain(position);
    if (step != Step::field) return step;
  }
}

DelimitedReader::Step DelimitedReader::scan_quoted(const char*& position) {
  const char* start = position;
  const char* end = buffer_.end();
  bool escaped = false;
  quoted_ = true;
  for (const char* at = start + 1;; at += 2) {
    at = static_cast<const char*>(std::memchr(at, '"', static_cast<std::size_t>(end - at)));
    if (at == nullptr || (at + 1 == end && !buffer_.is_last())) {
      if (static_cast<std::size_t>(end - start) > kLongestField + 2) {
        return end_at_fault(start, "a field in quotes of more than 1 MiB begins here",
                            "is its closing quote missing?");
      }
      if (!buffer_.is_last()) return Step::more;
      return end_at_fault(start, "the quote opened here is never closed", "close it, or double it");
    }
    if (at + 1 == end || at[1] != '"') {
      position = at + 1;
      break;
    }
    escaped = true;
  }
  add(start, start + 1, position - 1, escaped);
  if (position < end && *position != delimiter_ && *position != '\n' && *position != '\r') {
    return end_at_fault(position, "text after the closing quote of a field",
                        "double the quotes inside a quoted field");
  }
  return after_field(position);
}

DelimitedReader::Step DelimitedReader::scan_plain(const char*& position) {
  const char* start = position;
  const char* end = buffer_.end();
  position = find_first_of(position, end, delimiter_, '\n', '\r');
  if (position == end && !buffer_.is_last()) {
    if (static_cast<std::size_t>(end - start) > kLongestField) {
      refuse(start, "a field of more than 1 MiB begins here", "is this a text file with one record a line?");
    }
    return Step::more;
  }
  add(start, start, position, false);
  return after_field(position);
}

DelimitedReader::Step DelimitedReader::after_field(const char*& position) {
  if (position < buffer_.end() && *position == delimiter_) {
    ++position;
    return Step::field;
  }
  if (is_cut_line_end(position)) return Step::more;
  record_ = {buffer_.begin(), static_cast<std::size_t>(position - buffer_.begin())};
  check_size(record_.size());
  next_line_ = line_ + 1 + (quoted_ ? count_line_ends(record_) : 0);
  buffer_.advance_to(behind_line_end(position));
  return Step::record;
}

// The record ends with the line that `position` lies in.
DelimitedReader::Step DelimitedReader::end_at_fault(const char* position, std::string message,
                                                    std::string hint) {
  const char* const end =
      std::find_if(position, buffer_.end(), [](char c) { return c == '\n' || c == '\r'; });
  if ((end == buffer_.end() && !buffer_.is_last()) || is_cut_line_end(end)) {
    if (static_cast<std::size_t>(end - position) > kLongestField)
      refuse(position, std::move(message), std::move(hint));
    return Step::more;
  }
  fault_ = problem_at(position, std::move(message), std::move(hint));
  fields_.clear();
  starts_.clear();
  escaped_.clear();
  record_ = {buffer_.begin(), static_cast<std::size_t>(end - buffer_.begin())};
  next_line_ = line_ + 1 + count_line_ends(record_);
  buffer_.advance_to(behind_line_end(end));
  return Step::record;
}

void DelimitedReader::check_size(std::size_t record) const {
  if (record > kLongestRecord) {
    refuse(buffer_.begin(), "a record of more than 16 MiB begins here", "is a closing quote missing?");
  }
}

void DelimitedReader::add(const char* raw, const char* begin, const char* end, bool escaped) {
  const auto size = static_cast<std::size_t>(end - begin);
  if (size > kLongestField) refuse(raw, "a field of more than 1 MiB begins here", "shorten it");
  if (fields_.size() == kMostColumns)
    refuse(raw, "more than 10,000 fields in a record", "is the delimiter right?");
  if (escaped) escaped_.push_back(fields_.size());
  fields_.emplace_back(begin, size);
  starts_.push_back(raw);
}

void DelimitedReader::unescape() {
  if (escaped_.empty()) return;
  std::size_t total = 0;
  for (const std::size_t index : escaped_) total += fields_[index].size();
  // Reserved at once, since views point into it.
  unescaped_.clear();
  unescaped_.reserve(total);
  for (const std::size_t index : escaped_) {
    std::string_view rest = fields_[index];
    const std::size_t begin = unescaped_.size();
    for (std::size_t quote = rest.find('"'); quote != std::string_view::npos; quote = rest.find('"')) {
      unescaped_ += rest.substr(0, quote + 1);
      rest.remove_prefix(quote + 2);
    }
    unescaped_ += rest;
    fields_[index] = std::string_view(unescaped_).substr(begin);
  }
}

std::string_view DelimitedReader::lines_ahead() const {
  const std::string_view text = buffer_.text();
  return buffer_.is_last() ? text : text.substr(0, text.find_last_of("\r\n") + 1);
}

Location DelimitedReader::place(std::size_t field) const {
  const std::size_t offset =
      field < starts_.size() ? static_cast<std::size_t>(starts_[field] - record_.data()) : record_.size();
  return place_in_record(record_.substr(0, offset), line_, file_);
}

std::string DelimitedReader::line_text(std::size_t field) const {
  return line_around(record_, field < starts_.size()
                                  ? static_cast<std::size_t>(starts_[field] - record_.data())
                                  : record_.size());
}

Problem DelimitedReader::problem_at(const char* position, std::string message, std::string hint) const {
  const std::string_view text = buffer_.text();
  const auto offset = static_cast<std::size_t>(position - buffer_.begin());
  return {place_in_record(text.substr(0, offset), line_, file_), std::move(message), std::move(hint),
          line_around(text, offset)};
}

void DelimitedReader::refuse(const char* position, std::string message, std::string hint) const {
  throw_fault(problem_at(position, std::move(message), std::move(hint)));
}

}  // namespace crm
