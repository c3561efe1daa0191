// vCards of the versions 2.1, 3.0 and 4.0, card by card: folded lines, quoted-printable, character sets,
// groups. What the properties mean for a record is vcard_rows.h's affair.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "crm/error.h"
#include "exchange/byte_source.h"
#include "exchange/text_reader.h"
#include "exchange/vcard_property.h"

namespace crm {

class VcardReader {
 public:
  // `encoding` is that of values which name none and are no UTF-8; empty: detected. Throws as TextReader
  // does.
  VcardReader(std::unique_ptr<ByteSource> bytes, std::string file, const std::string& encoding);

  // Goes to the next card; false at the end. Throws Error{invalid} for a line of more than 16 MiB, cards
  // within cards over 32 levels deep, and more than 2,000 properties.
  bool next();

  const std::vector<VcardProperty>& properties() const { return properties_; }
  std::int64_t line() const { return line_; }  // on which the card begins
  // Why the card cannot be used, though those behind it can: `properties` are what could be read of it.
  const std::optional<Problem>& fault() const { return fault_; }
  // Lines that are no properties, up to now.
  std::int64_t strange_lines() const { return strange_lines_; }
  const std::string& encoding() const { return encoding_; }
  const std::string& file() const { return file_; }

 private:
  void skip_empty_lines();
  bool next_line();
  bool next_physical(std::string& line);
  bool fill();
  void begin_card(std::int64_t line);
  void leave_unfinished();
  void take_line();
  void take_property(std::string_view head, std::string_view value);
  std::string decoded(std::string bytes, const std::string& charset);
  void note_fault(std::string message, std::string hint);
  [[noreturn]] void refuse(std::string message, std::string hint = {}) const;

  std::unique_ptr<ByteSource> bytes_;
  std::unique_ptr<TextReader> text_;  // where the whole file is of one encoding that is no ASCII underneath
  std::string file_;
  std::string encoding_;
  std::string buffer_;
  std::size_t used_ = 0;
  bool at_end_ = false;
  std::string physical_;  // read ahead: the next line, which is no continuation
  bool has_physical_ = false;
  std::int64_t physical_line_ = 0;
  std::string logical_;
  std::int64_t logical_line_ = 0;
  std::int64_t line_ = 0;
  int depth_ = 0;
  bool old_version_ = false;     // 2.1: only ';' is escaped
  bool finished_ = false;        // the card's END was read, or the next one's BEGIN
  std::int64_t begun_line_ = 0;  // of a BEGIN that ended the card before it; else 0
  bool takes_agent_ = false;     // the line before was an AGENT, whose card may begin
  std::vector<VcardProperty> properties_;
  std::optional<Problem> fault_;
  std::int64_t strange_lines_ = 0;
};

}  // namespace crm
