#include "exchange/xlsx_rows.h"

#include <algorithm>
#include <charconv>
#include <string_view>

#include "base/text.h"
#include "crm/error.h"
#include "exchange/delimited_writer.h"
#include "exchange/reject_file.h"

namespace crm {

XlsxRows::XlsxRows(const std::string& path, const RowSourceOptions& options) : workbook_(path) {
  choose_sheet(options);
  read_headings();
}

void XlsxRows::choose_sheet(const RowSourceOptions& options) {
  const std::string& name = options.sheet;
  const auto& sheets = workbook_.sheets();
  std::vector<std::string> names;
  names.reserve(sheets.size());
  for (const XlsxWorkbook::Sheet& sheet : sheets) names.push_back(sheet.name);
  if (!name.empty()) {
    std::size_t number = 0;
    std::from_chars(name.data(), name.data() + name.size(), number);
    const auto named = std::find(names.begin(), names.end(), name);
    if (named == names.end() && (number == 0 || number > names.size())) {
      throw Error(ErrorCode::not_found, quoted(workbook_.file()) + " has no sheet " + quoted(name),
                  "it has " + listed(names));
    }
    return open_sheet(named == names.end() ? number - 1 : static_cast<std::size_t>(named - names.begin()),
                      options);
  }
  std::size_t chosen = sheets.size();
  bool known = false;
  for (std::size_t i = 0; i < sheets.size() && !known; ++i) {
    if (!sheets[i].visible) continue;
    open_sheet(i, options);
    known = options.is_heading ? notes_->has_headings() : !ahead_.empty();
    if (known || (chosen == sheets.size() && !ahead_.empty())) chosen = i;
  }
  if (chosen == sheets.size())
    throw Error(ErrorCode::invalid,
                quoted(workbook_.file()) + " has no rows in any sheet that is not hidden");
  if (!known) open_sheet(chosen, options);
  if (sheets.size() > 1) {
    names.erase(names.begin() + static_cast<std::ptrdiff_t>(chosen));
    remarks_.push_back("read the sheet " + quoted(sheets[chosen].name) + ", not " + listed(names) +
                       "; --sheet names another");
  }
}

void XlsxRows::open_sheet(std::size_t sheet, const RowSourceOptions& options) {
  sheet_.reset();  // it may still be reading
  sheet_ = std::make_unique<XlsxSheet>(workbook_, workbook_.sheets()[sheet]);
  ahead_.clear();
  notes_.emplace(workbook_.file(), options.is_heading);
  for (bool more = true; more;) {
    const SheetRow* const row = sheet_->next();
    if (row == nullptr) return;
    ahead_.push_back(*row);
    std::vector<std::string_view> cells;
    for (const SheetRow::Cell& cell : row->cells) {
      cells.resize(cell.column + 1);
      cells.back() = (*row)[cell];
    }
    more = notes_->take(cells);
  }
}

void XlsxRows::read_headings() {
  next_ahead_ = notes_->count();
  if (notes_->remark()) remarks_.push_back(*notes_->remark());
  notes_.reset();
  next_row();
  for (const SheetRow::Cell& cell : current_->cells) {
    headings_.resize(cell.column + 1);
    headings_.back() = (*current_)[cell];
  }
  if (take_off_reject_columns(headings_)) passed_over_ = kRejectColumns;
}

bool XlsxRows::next_row() {
  current_ = next_ahead_ < ahead_.size() ? &ahead_[next_ahead_++] : sheet_->next();
  return current_ != nullptr;
}

bool XlsxRows::next(InputRow& row) {
  const std::int64_t above = current_ == nullptr ? 0 : current_->number;
  if (!next_row()) return false;
  row.after_gap = current_->number > above + 1;
  row.line = current_->number;
  row.text = {};
  row.fault.reset();
  row.fields.assign(headings_.size(), InputField{{}, true, false, {}});
  for (const SheetRow::Cell& cell : current_->cells) {
    if (cell.column < headings_.size()) {
      row.fields[cell.column].text = (*current_)[cell];
      row.fields[cell.column].is_number = cell.is_number;
    } else if (!row.fault && cell.column >= headings_.size() + passed_over_) {
      row.fault = Problem{
          place(cell.column),
          "the row has a value in column " + column_letters(cell.column) + ", over which there is no heading",
          "give the column a heading, or clear it",
          {}};
    }
  }
  if (row.fault) {
    record_.clear();
    for (std::size_t i = 0; i < headings_.size(); ++i) {
      if (i > 0) record_ += ',';
      append_csv_cell(record_, row.fields[i].text, ',');
    }
    row.text = record_;
  }
  return true;
}

Location XlsxRows::place(std::size_t column) const {
  const int line = current_ == nullptr ? 0 : static_cast<int>(current_->number);
  return {workbook_.file(), line, static_cast<int>(column) + 1};
}

std::vector<std::string> XlsxRows::warnings() const {
  std::vector<std::string> told;
  const auto counted = [](std::int64_t count, const char* one, const char* many) {
    return std::to_string(count) + (count == 1 ? one : many);
  };
  if (sheet_->errors() > 0)
    told.push_back("took " + counted(sheet_->errors(), " cell", " cells") +
                   " for empty, which hold an error or a formula that was never calculated, such as " +
                   sheet_->first_error());
  if (sheet_->filled() > 0)
    told.push_back("gave " + counted(sheet_->filled(), " cell", " cells") +
                   " the value above with which they are merged, such as " + sheet_->first_filled());
  if (sheet_->unfilled() > 0)
    told.push_back("left cells empty that are merged with those above, such as in " +
                   sheet_->first_unfilled() + ": unmerge them in the spreadsheet if each row has the value");
  return told;
}

}  // namespace crm
