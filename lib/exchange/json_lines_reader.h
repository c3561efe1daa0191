// JSON lines (one object a line, or over several lines) and files that hold one JSON array of objects, object
// by object.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "crm/error.h"
#include "exchange/json_object.h"
#include "exchange/record_buffer.h"
#include "exchange/text_reader.h"

namespace crm {

class JsonLinesReader {
 public:
  // The text must outlive the reader. Throws as TextReader::read does.
  explicit JsonLinesReader(TextReader& text, std::size_t capacity = RecordBuffer::kUsualCapacity);

  // Goes to the next object; empty lines are passed over. False at the end. An object at fault is one too:
  // reading can go on behind it. Throws Error{invalid} for a record of more than 16 MiB and for an array
  // whose values cannot be told apart.
  bool next();

  // What is wrong with the current record, with its place; the object's members are then not to be used.
  const std::optional<Problem>& fault() const { return fault_; }
  const JsonObject& object() const { return object_; }
  bool is_array() const { return is_array_; }
  std::int64_t line() const { return line_; }
  std::string_view record() const { return record_; }
  // The place of a byte of the record, as Member::offset gives it.
  Location place(std::size_t offset) const;
  std::string line_text(std::size_t offset) const;

 private:
  bool find_line();
  bool extend_line();
  bool find_element();
  void skip_space();
  bool is_at(char character);
  std::optional<std::size_t> element_size() const;
  void take_record();
  void need_more();
  void check_size(std::size_t record) const;
  [[noreturn]] void refuse(std::string message, std::string hint) const;

  RecordBuffer buffer_;
  std::string file_;
  bool is_array_ = false;
  bool first_ = true;  // of the array's elements
  bool may_extend_ = true;
  bool ended_ = false;
  std::int64_t line_ = 1;
  std::int64_t next_line_ = 1;
  std::string_view record_;
  JsonObject object_;
  std::optional<Problem> fault_;
};

}  // namespace crm
