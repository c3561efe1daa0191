// Comma-separated values and their relatives, record by record (RFC 4180, and what is found in the wild: lone
// CR, other delimiters, quotes in the middle of an unquoted field).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crm/error.h"
#include "exchange/record_buffer.h"
#include "exchange/text_reader.h"

namespace crm {

// The delimiter among , ; TAB | that divides the first records best, else among rarer ones (^ ~ : and control
// characters); the comma where none does. A first line
// "sep=X" (as Excel writes and takes it) names it.
char detect_delimiter(std::string_view head);

class DelimitedReader {
 public:
  // Without a delimiter it is detected. The text must outlive the reader. Throws as TextReader::read does.
  DelimitedReader(TextReader& text, std::optional<char> delimiter,
                  std::size_t capacity = RecordBuffer::kUsualCapacity);

  // Goes to the next record; lines without any character are passed over. False at the end. The fields of the
  // record before become invalid. Throws Error{invalid} for a field over 1 MiB, a record over 16 MiB or
  // 10,000 fields: reading cannot go on after that.
  bool next();

  // What is wrong with the quotes of the record, which then has no fields: text behind a closing one (the
  // record goes to the end of that line), or one that is never closed (to the end of the line where it
  // opens).
  const std::optional<Problem>& fault() const { return fault_; }

  std::span<const std::string_view> fields() const { return fields_; }
  std::int64_t line() const { return line_; }            // on which the record begins, from 1
  std::int64_t next_line() const { return next_line_; }  // behind it
  std::string_view record() const { return record_; }    // as it stands in the text, without its line end
  char delimiter() const { return delimiter_; }
  // The text behind the record as far as it is in memory, in whole lines.
  std::string_view lines_ahead() const;
  // Where the field begins (its quote included); a field that the record does not have is at the record's
  // end.
  Location place(std::size_t field) const;
  // The line of text in which the field begins, or nothing if it is too long to show.
  std::string line_text(std::size_t field) const;

 private:
  enum class Step { field, record, more };

  void skip_separator_line();
  void skip_empty_lines();
  bool is_cut_line_end(const char* position) const;
  const char* behind_line_end(const char* position) const;
  Step scan_record();
  Step scan_quoted(const char*& position);
  Step scan_plain(const char*& position);
  Step after_field(const char*& position);
  void add(const char* raw, const char* begin, const char* end, bool escaped);
  void check_size(std::size_t record) const;
  void unescape();
  Step end_at_fault(const char* position, std::string message, std::string hint);
  Problem problem_at(const char* position, std::string message, std::string hint) const;
  [[noreturn]] void refuse(const char* position, std::string message, std::string hint) const;

  RecordBuffer buffer_;
  std::string file_;
  char delimiter_ = ',';
  std::int64_t line_ = 1;
  std::int64_t next_line_ = 1;
  bool quoted_ = false;  // the record has a quoted field
  std::optional<Problem> fault_;
  std::string_view record_;
  std::vector<std::string_view> fields_;
  std::vector<const char*> starts_;   // of each field in the buffer
  std::vector<std::size_t> escaped_;  // fields that hold doubled quotes
  std::string unescaped_;
};

}  // namespace crm
