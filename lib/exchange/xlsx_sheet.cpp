#include "exchange/xlsx_sheet.h"

#include <charconv>
#include <iterator>
#include <optional>
#include <utility>

#include "base/text.h"
#include "crm/error.h"
#include "exchange/record_buffer.h"
#include "exchange/sheet_number.h"

namespace crm {
namespace {

// A sheet that is packed to more is unpacked twice only where a cell without a value tells that some may be
// merged: office programs write those that are covered, without a value.
constexpr std::size_t kAlwaysLookedThrough = std::size_t{512} << 10;
constexpr std::uint64_t kMostFilled = std::uint64_t{256} << 20;

// A few cells may stand for much text where they are merged: so much of it is handed over before its block
// ends, and a row of more than a hundredth of it is not filled anew.
constexpr std::size_t kMuchText = std::size_t{4} << 20;

}  // namespace

XlsxSheet::XlsxSheet(const XlsxWorkbook& workbook, const XlsxWorkbook::Sheet& sheet)
    : workbook_(workbook), sheet_(sheet.name), part_name_(sheet.part), part_(workbook.open(sheet.part)) {
  merged_unknown_ = workbook.packed_bytes(sheet.part) > kAlwaysLookedThrough;
  if (!merged_unknown_) find_merged();
}

XlsxSheet::~XlsxSheet() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

const SheetRow* XlsxSheet::next() {
  if (count_given_ == given_.size() && !take_rows()) return nullptr;
  return &given_[count_given_++];
}

// False at the end, and where what is read cannot be: then the failure is kept for take_rows().
bool XlsxSheet::read_block() {
  try {
    return workbook_.parse_some(*part_, *this, part_name_);
  } catch (...) {
    failure_ = std::current_exception();
    return false;
  }
}

// Most sheets end with their first block: the thread is for those behind it, and for merged cells. False
// where there is no row yet.
bool XlsxSheet::read_first_rows() {
  constexpr int kBlocks = 2;
  if (merged_unknown_ || !merged_.is_empty()) return false;
  while (ready_.empty() && !ended_ && blocks_read_ < kBlocks) {
    ++blocks_read_;
    ended_ = !read_block();
  }
  given_ = std::exchange(ready_, {});
  count_given_ = 0;
  return !given_.empty();
}

// The next rows that were read; false at the end.
bool XlsxSheet::take_rows() {
  if (!thread_.joinable()) {
    if (read_first_rows()) return true;
    if (!ended_) thread_ = std::thread([this] { read_ahead(); });
  }
  std::unique_lock lock(mutex_);
  for (SheetRow& row : given_) {
    if (row.text.capacity() <= kMuchText / 100) used_.push_back(std::move(row));
  }
  given_.clear();
  count_given_ = 0;
  changed_.wait(lock, [this] { return !waiting_.empty() || ended_; });
  if (waiting_.empty()) {
    if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
    return false;
  }
  given_ = std::move(waiting_.front());
  waiting_.pop_front();
  changed_.notify_all();
  return true;
}

void XlsxSheet::read_ahead() {
  reads_ahead_ = true;
  bool more = true;
  while (more && !stopped_) {
    more = read_block();
    if (!ready_.empty()) hand_over();
  }
  const std::lock_guard lock(mutex_);
  ended_ = true;
  changed_.notify_all();
}

void XlsxSheet::hand_over() {
  constexpr std::size_t kMostWaiting = 2;
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return waiting_.size() < kMostWaiting || stopped_; });
  ready_bytes_ = 0;
  if (stopped_) return ready_.clear();
  waiting_.push_back(std::exchange(ready_, {}));
  std::move(used_.begin(), used_.end(), std::back_inserter(spare_));
  used_.clear();
  changed_.notify_all();
}

void XlsxSheet::begin(std::string_view name, const char* const* attributes) {
  if (name == "sheetData") in_rows_ = true;
  if (!in_rows_) {
    if (merged_unknown_ && name == "mergeCell") note_merged(attributes);
    return;
  }
  if (in_inline_) return inline_text_.begin(name);
  if (name == "row") return begin_row(attributes);
  if (name == "c") return begin_cell(attributes);
  if (name == "v") in_value_ = true;
  if (name == "f") has_formula_ = true;
  if (name == "is") {
    in_inline_ = true;
    inline_text_.clear();
  }
}

void XlsxSheet::text(std::string_view text) {
  if (in_inline_) return inline_text_.text(text);
  if (!in_value_) return;
  if (value_.size() + text.size() > kLongestField) refuse("a cell of more than 1 MiB");
  value_ += text;
}

void XlsxSheet::end(std::string_view name) {
  if (!in_rows_) return;
  if (name == "is") {
    in_inline_ = false;
    value_ = inline_text_.take();
    return;
  }
  if (in_inline_) return inline_text_.end(name);
  if (name == "v") in_value_ = false;
  if (name == "c") end_cell();
  if (name == "row") {
    in_row_ = false;
    if (!open_.cells.empty()) end_row();
  }
  if (name == "sheetData") in_rows_ = false;
}

void XlsxSheet::begin_row(const char* const* attributes) {
  if (in_row_) refuse("a row within a row");
  in_row_ = true;
  const std::int64_t before = open_.number;
  if (!spare_.empty()) {
    open_ = std::move(spare_.back());
    spare_.pop_back();
  }
  open_.number = positive_number(attribute(attributes, "r")).value_or(before + 1);
  open_.text.clear();
  open_.cells.clear();
  next_column_ = 0;
  if (open_.number <= before || open_.number > kMostSheetRows) refuse("its rows are not in order");
}

void XlsxSheet::begin_cell(const char* const* attributes) {
  if (!in_row_) refuse("a cell outside of a row");
  const std::string_view reference = attribute(attributes, "r");
  const std::optional<std::size_t> column = reference.empty() ? next_column_ : column_of(reference);
  if (!column || *column < next_column_ || *column >= kMostSheetColumns) refuse("its cells are not in order");
  column_ = *column;
  next_column_ = column_ + 1;
  style_ = static_cast<std::size_t>(positive_number(attribute(attributes, "s")).value_or(0));
  type_ = attribute(attributes, "t");
  value_.clear();
  in_value_ = has_formula_ = false;
}

void XlsxSheet::end_row() {
  if (merged_unknown_) {
    before_ = open_;
  } else {
    merged_.fill(open_);
    if (open_.text.size() > kLongestRecord || merged_.held_bytes() > kLongestRecord)
      refuse("a row of more than 16 MiB");
    if (merged_.bytes() > kMostFilled) refuse("merged cells that stand for more than 256 MiB");
  }
  ready_bytes_ += open_.text.size();
  ready_.push_back(std::move(open_));
  if (reads_ahead_ && ready_bytes_ > kMuchText) hand_over();
}

void XlsxSheet::find_merged() {
  merged_unknown_ = false;
  MergedRegions regions;
  workbook_.read(part_name_, regions);
  if (regions.too_many())
    refuse("more than " + std::to_string(MergedRegions::kMost) + " regions of merged cells");
  merged_ = MergedCells(regions.sorted());
  if (!before_.cells.empty()) merged_.fill(before_);
}

// Behind all rows.
void XlsxSheet::note_merged(const char* const* attributes) {
  const std::string_view reference = attribute(attributes, "ref");
  MergedRegions one;
  one.add(reference);
  if (!one.sorted().empty() && unfilled_++ == 0) first_unfilled_ = reference;
}

void XlsxSheet::end_cell() {
  const std::size_t begin = open_.text.size();
  append_value();
  if (open_.text.size() > kLongestRecord) refuse("a row of more than 16 MiB");
  if (open_.text.size() > begin)
    open_.cells.push_back({column_, begin, open_.text.size() - begin, is_number_});
}

void XlsxSheet::append_value() {
  is_number_ = false;
  if (value_.empty()) {
    // A program that does not calculate (openpyxl) writes formulas without what comes of them.
    if (has_formula_) {
      note_error();
    } else if (merged_unknown_) {
      find_merged();
    }
    return;
  }
  if (type_ == "s") {
    const auto number = value_ == "0" ? std::optional<std::int64_t>(0) : positive_number(value_);
    if (!number || !workbook_.texts().has(static_cast<std::size_t>(*number)))
      refuse("the cell " + column_letters(column_) + std::to_string(open_.number) + " refers to no text");
    open_.text += workbook_.texts().at(static_cast<std::size_t>(*number));
  } else if (type_ == "b") {
    open_.text += value_ == "1" || value_ == "true" ? "true" : "false";
  } else if (type_ == "e") {
    note_error();
  } else if (type_ == "str" || type_ == "inlineStr" || type_ == "d") {
    open_.text += value_;
  } else if (const CellDate date = workbook_.date_of_style(style_); date != CellDate::none) {
    const std::size_t begin = open_.text.size();
    append_sheet_date(open_.text, value_, workbook_.dates_from_1904(), date == CellDate::moment);
    if (date == CellDate::moment && workbook_.zone()) name_offset(begin);
  } else {
    is_number_ = true;
    append_sheet_number(open_.text, value_);
  }
}

// "2026-03-02 09:00:00" is so by the clock of the workbook's zone.
void XlsxSheet::name_offset(std::size_t begin) {
  constexpr std::size_t kLength = 19;
  const std::string_view text = std::string_view(open_.text).substr(begin);
  if (text.size() != kLength || !parse_iso_date(text.substr(0, 10))) return;  // a time of day, a number
  const Moment moment = parse_import_moment(text, *workbook_.zone(), DateOrder::ymd).moment;
  open_.text.replace(begin, kLength, format_moment(moment, *workbook_.zone()));
}

void XlsxSheet::note_error() {
  if (errors_++ == 0) first_error_ = column_letters(column_) + std::to_string(open_.number);
}

void XlsxSheet::refuse(const std::string& message) const {
  throw Error(ErrorCode::invalid,
              "the sheet " + quoted(sheet_) + " of " + quoted(workbook_.file()) +
                  " cannot be read: " + message + " (row " + std::to_string(open_.number) + ")",
              "save the workbook again, or as CSV");
}

}  // namespace crm
