// The cells of one sheet of a workbook, row by row.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "exchange/xlsx_workbook.h"

namespace crm {

// The texts of a row's cells as people see them, behind each other in one string.
struct SheetRow {
  struct Cell {
    std::size_t column;  // from 0, rising
    std::size_t begin;
    std::size_t size;  // 0: empty
  };
  std::int64_t number = 0;  // from 1
  std::string text;
  std::vector<Cell> cells;

  std::string_view operator[](const Cell& cell) const {
    return std::string_view(text).substr(cell.begin, cell.size);
  }
};

class XlsxSheet final : private XmlEvents {
 public:
  // The workbook must outlive it. Throws as XlsxWorkbook::open() does.
  XlsxSheet(const XlsxWorkbook& workbook, const XlsxWorkbook::Sheet& sheet);

  // The next row that has a cell with a value; null at the end. Valid until the next call. Throws
  // Error{invalid} for a sheet that cannot be read.
  const SheetRow* next();

  // How many cells had no value, but an error (#N/A) or a formula that was never calculated, up to now; and
  // where the first of them is ("B7").
  std::int64_t errors() const { return errors_; }
  const std::string& first_error() const { return first_error_; }

 private:
  void begin(std::string_view name, const char* const* attributes) override;
  void text(std::string_view text) override;
  void end(std::string_view name) override;
  void begin_row(const char* const* attributes);
  void begin_cell(const char* const* attributes);
  void end_cell();
  void append_value();
  void note_error();
  [[noreturn]] void refuse(const std::string& message) const;

  const XlsxWorkbook& workbook_;
  std::string sheet_;
  std::string part_name_;
  std::unique_ptr<PackagePart> part_;
  std::deque<SheetRow> ready_;
  std::vector<SheetRow> spare_;
  SheetRow current_;  // handed out
  SheetRow open_;     // being read
  bool more_ = true;
  bool in_rows_ = false;

  std::size_t column_ = 0;  // of the cell being read
  std::size_t next_column_ = 0;
  std::size_t style_ = 0;
  std::string type_;
  std::string value_;
  RichText inline_text_;
  bool in_value_ = false;
  bool in_inline_ = false;
  bool has_formula_ = false;
  std::int64_t errors_ = 0;
  std::string first_error_;
};

// "B", "AA" of a column from 0.
std::string column_letters(std::size_t column);

}  // namespace crm
