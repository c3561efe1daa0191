// A sheet of an XLSX workbook as a source of rows.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "exchange/note_rows.h"
#include "exchange/row_source.h"
#include "exchange/xlsx_sheet.h"
#include "exchange/xlsx_workbook.h"

namespace crm {

class XlsxRows final : public RowSource {
 public:
  // `options.sheet` is a name or a number from 1; without it the first visible sheet that has headings of
  // which some are known, or else that has rows. Throws as
  // open_rows() does; Error{not_found} for a sheet that there is not.
  XlsxRows(const std::string& path, const RowSourceOptions& options);

  const std::vector<std::string>& headings() const override { return headings_; }
  bool next(InputRow& row) override;
  // The line is the row's number, the column counts the sheet's columns.
  Location place(std::size_t column) const override;
  std::string line_text(std::size_t /*column*/) const override { return {}; }

  RowFormat format() const override { return RowFormat::xlsx; }
  char delimiter() const override { return '\0'; }
  const std::string& encoding() const override { return encoding_; }
  bool encoding_detected() const override { return false; }
  std::vector<std::string> remarks() const override { return remarks_; }
  std::vector<std::string> warnings() const override;

 private:
  void choose_sheet(const RowSourceOptions& options);
  void open_sheet(std::size_t sheet, const RowSourceOptions& options);
  void read_headings();
  bool next_row();

  XlsxWorkbook workbook_;
  std::unique_ptr<XlsxSheet> sheet_;
  const SheetRow* current_ = nullptr;
  std::vector<SheetRow> ahead_;  // rows that were read to find the headings
  std::size_t next_ahead_ = 0;   // of them
  std::optional<NoteRows> notes_;
  std::vector<std::string> headings_;
  std::size_t passed_over_ = 0;  // columns behind them, which a file of rejected rows has
  std::string record_;
  std::string encoding_ = "UTF-8";
  std::vector<std::string> remarks_;
};

}  // namespace crm
