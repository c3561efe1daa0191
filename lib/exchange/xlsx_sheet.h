// The cells of one sheet of a workbook, row by row; all but a small one is read ahead by a thread of its own.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "exchange/merged_cells.h"
#include "exchange/sheet_row.h"
#include "exchange/xlsx_workbook.h"

namespace crm {

class XlsxSheet final : private XmlEvents {
 public:
  // The workbook must outlive it. Throws as XlsxWorkbook::open() does.
  XlsxSheet(const XlsxWorkbook& workbook, const XlsxWorkbook::Sheet& sheet);
  ~XlsxSheet() override;
  XlsxSheet(const XlsxSheet&) = delete;
  XlsxSheet& operator=(const XlsxSheet&) = delete;

  // The next row that has a cell with a value; null at the end. Valid until the next call. Throws
  // Error{invalid} for a sheet that cannot be read. From the first call to the end nothing else may read of
  // the workbook.
  const SheetRow* next();

  // Once next() gave null: how many cells had no value, but an error (#N/A) or a formula that was never
  // calculated, and where the first of them is ("B7").
  std::int64_t errors() const { return errors_; }
  const std::string& first_error() const { return first_error_; }
  // The same of the values that cells have from those above with which they are merged.
  std::int64_t filled() const { return merged_.filled(); }
  const std::string& first_filled() const { return merged_.first(); }
  // How many regions of merged cells were met too late, and the first of them ("A2:A5").
  std::int64_t unfilled() const { return unfilled_; }
  const std::string& first_unfilled() const { return first_unfilled_; }

 private:
  using Rows = std::vector<SheetRow>;

  bool read_block();
  bool read_first_rows();
  void read_ahead();
  void hand_over();
  bool take_rows();
  void begin(std::string_view name, const char* const* attributes) override;
  void text(std::string_view text) override;
  void end(std::string_view name) override;
  void begin_row(const char* const* attributes);
  void begin_cell(const char* const* attributes);
  void end_cell();
  void append_value();
  void name_offset(std::size_t begin);
  void note_error();
  void find_merged();
  void end_row();
  void note_merged(const char* const* attributes);
  [[noreturn]] void refuse(const std::string& message) const;

  const XlsxWorkbook& workbook_;
  std::string sheet_;
  std::string part_name_;
  std::unique_ptr<PackagePart> part_;
  Rows given_;  // those that next() gives, and how many it gave
  std::size_t count_given_ = 0;
  int blocks_read_ = 0;  // without the thread

  std::thread thread_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Rows> waiting_;
  Rows used_;  // to be filled anew
  std::exception_ptr failure_;
  bool ended_ = false;
  std::atomic<bool> stopped_ = false;

  // What follows only the thread looks at, while it runs.
  Rows ready_, spare_;
  std::size_t ready_bytes_ = 0;  // of texts
  bool reads_ahead_ = false;     // in the thread
  SheetRow open_;                // being read
  bool in_rows_ = false;
  bool in_row_ = false;

  std::size_t column_ = 0;  // of the cell being read
  std::size_t next_column_ = 0;
  std::size_t style_ = 0;
  std::string type_;
  std::string value_;
  RichText inline_text_;
  bool in_value_ = false;
  bool in_inline_ = false;
  bool has_formula_ = false;
  bool is_number_ = false;  // what the cell became
  std::int64_t errors_ = 0;
  std::string first_error_;

  // Where merged cells are looked for only once a cell without a value was met: not yet, and the row before.
  bool merged_unknown_ = false;
  SheetRow before_;
  MergedCells merged_{{}};
  std::int64_t unfilled_ = 0;
  std::string first_unfilled_;
};

}  // namespace crm
