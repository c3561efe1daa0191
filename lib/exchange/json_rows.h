// JSON lines, or one JSON array of objects, as a source of rows: the keys are the headings.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "exchange/json_lines_reader.h"
#include "exchange/row_source.h"
#include "exchange/text_reader.h"

namespace crm {

class JsonRows final : public RowSource {
 public:
  // `one_document`: a JSON file, which holds at least one value; JSON lines may be none. Throws as
  // open_rows() does.
  JsonRows(std::unique_ptr<TextReader> text, bool one_document);

  const std::vector<std::string>& headings() const override { return headings_; }
  bool next(InputRow& row) override;
  Location place(std::size_t column) const override { return reader_.place(offset_of(column)); }
  std::string line_text(std::size_t column) const override { return reader_.line_text(offset_of(column)); }

  RowFormat format() const override { return RowFormat::json; }
  char delimiter() const override { return '\0'; }
  const std::string& encoding() const override { return text_->encoding().name; }
  bool encoding_detected() const override { return text_->encoding().detected; }
  double part_read() const override { return text_->part_read(); }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };

  std::size_t column_of(std::string_view key, std::size_t likely);
  void fill(InputRow& row);
  void refuse(InputRow& row, std::size_t offset, std::string message);
  std::size_t offset_of(std::size_t column) const;

  std::unique_ptr<TextReader> text_;
  JsonLinesReader reader_;
  std::vector<std::string> headings_;
  std::unordered_map<std::string, std::size_t, Hash, std::equal_to<>> columns_;
  std::vector<std::size_t> offsets_;  // of each column's value in the current record; npos where it has none
  bool ahead_ = false;                // the reader is at the first record, not given out yet
};

}  // namespace crm
