// A CSV file as a source of rows: its headings are the first record that is neither empty nor a note above
// them.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "exchange/delimited_reader.h"
#include "exchange/row_source.h"
#include "exchange/text_reader.h"

namespace crm {

class DelimitedRows final : public RowSource {
 public:
  // Throws as open_rows() does.
  DelimitedRows(std::unique_ptr<TextReader> text, std::optional<char> delimiter,
                const std::function<bool(std::string_view)>& is_heading = {});

  const std::vector<std::string>& headings() const override { return headings_; }
  bool next(InputRow& row) override;
  Location place(std::size_t column) const override { return reader_.place(column); }
  std::string line_text(std::size_t column) const override { return reader_.line_text(column); }

  RowFormat format() const override { return RowFormat::csv; }
  char delimiter() const override { return reader_.delimiter(); }
  const std::string& encoding() const override { return text_->encoding().name; }
  bool encoding_detected() const override { return text_->encoding().detected; }
  std::vector<std::string> remarks() const override { return remarks_; }
  double part_read() const override { return text_->part_read(); }
  // Whether these are rows that an import left out and kept whole, each in one cell.
  bool are_whole_rejects() const;

 private:
  bool next_record();
  std::size_t pass_over_notes(const std::function<bool(std::string_view)>& is_heading);

  std::unique_ptr<TextReader> text_;
  DelimitedReader reader_;
  std::vector<std::string> headings_;
  std::size_t passed_over_ = 0;  // columns behind them, which a file of rejected rows has
  std::vector<std::string> remarks_;
};

}  // namespace crm
