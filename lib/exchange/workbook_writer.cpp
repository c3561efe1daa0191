#include <algorithm>
#include <charconv>
#include <chrono>
#include <optional>
#include <utility>

#include "base/text.h"
#include "crm/error.h"
#include "crm/time.h"
#include "crm/workbook.h"
#include "exchange/xlsx_workbook.h"
#include "modules/module.h"
#include "modules/workbook/interface.h"

namespace crm {
namespace {

using Style = WorkbookFile::Style;

constexpr std::uint32_t kMostRows = 1'048'576;
constexpr std::size_t kMostColumnsOfSheet = 16'384;
constexpr std::size_t kMostDigits = 15;  // that a spreadsheet keeps
constexpr double kWidest = 40;

// "1234.50" as a number and its decimals; nothing for what is none, or has digits that would be lost.
std::optional<std::pair<double, int>> number_and_decimals(std::string_view text) {
  const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
  const std::size_t point = std::min(digits.find('.'), digits.size());
  const bool plain = !digits.empty() && digits.find_first_not_of("0123456789.") == std::string_view::npos &&
                     digits.size() <= kMostDigits && (point == 1 || digits.front() != '0');
  double number = 0;
  if (!plain ||
      std::from_chars(text.data(), text.data() + text.size(), number).ptr != text.data() + text.size())
    return std::nullopt;
  return std::pair{number, static_cast<int>(point == digits.size() ? 0 : digits.size() - point - 1)};
}

// The serial number of "2026-03-01", or of "2026-03-01T09:00:00+08:00" by its wall clock; nothing for a
// moment that the zone's wall clock does not tell: of two that it shows the later one.
std::optional<double> serial_of(std::string_view text, bool with_time, const TimeZone& zone) {
  const auto date = parse_iso_date(text.substr(0, 10));
  if (!date || *date < Date(std::chrono::year(1900) / 3 / 1) || (text.size() > 10) != with_time)
    return std::nullopt;
  const auto days = std::chrono::sys_days(*date) - std::chrono::sys_days(std::chrono::year(1899) / 12 / 30);
  double serial = static_cast<double>(days.count());
  if (!with_time) return serial;
  if (*date == Date(std::chrono::year(9999) / 12 / 31)) return std::nullopt;  // perhaps in no zone of ours
  int hour = 0;
  int minute = 0;
  int second = 0;
  if (text.size() < 19) return std::nullopt;
  std::from_chars(text.data() + 11, text.data() + 13, hour);
  std::from_chars(text.data() + 14, text.data() + 16, minute);
  std::from_chars(text.data() + 17, text.data() + 19, second);
  const LocalTime wall{*date, std::chrono::seconds(hour * 3600 + minute * 60 + second)};
  if (format_moment(zone.to_moment(wall), zone) != text) return std::nullopt;
  return serial + (hour * 3600 + minute * 60 + second) / 86400.0;
}

// What reads as an escape of the format ("_x000D_" is a carriage return) is escaped itself.
std::string escaped_for_sheet(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view form = std::string_view(text).substr(i, 7);
    const bool escape =
        form.size() == 7 && form.starts_with("_x") && form[6] == '_' &&
        form.substr(2, 4).find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
    if (escape) out += "_x005F";
    out += text[i];
  }
  return out;
}

}  // namespace

struct WorkbookWriter::State {
  std::string path;
  std::unique_ptr<WorkbookFile> file;
  TimeZone zone;
  std::vector<Column> columns;
  std::uint32_t row = 0;
};

WorkbookWriter::WorkbookWriter(const std::string& path, const std::string& sheet, const TimeZone& zone)
    : state_(std::make_unique<State>()) {
  static const auto* module = static_cast<const WorkbookModule*>(load_module("workbook"));
  state_->path = path;
  state_->file = module->create(path.c_str(), sheet.c_str());
  if (state_->file == nullptr) throw Error(ErrorCode::failed, "cannot make the workbook " + quoted(path));
  state_->zone = zone;
  state_->file->property(kZoneProperty, zone.name().c_str());
}

WorkbookWriter::~WorkbookWriter() = default;

void WorkbookWriter::begin(std::span<const Column> columns) {
  if (columns.size() > kMostColumnsOfSheet)
    throw Error(ErrorCode::invalid, "a sheet has at most 16,384 columns");
  state_->columns.assign(columns.begin(), columns.end());
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const auto at = static_cast<std::uint16_t>(i);
    state_->file->text(0, at, columns[i].name.c_str(), Style::heading);
    const double usual = columns[i].moment ? 19 : columns[i].wide ? kWidest : 12;
    state_->file->set_width(at, std::max(usual, static_cast<double>(columns[i].name.size()) + 2));
  }
}

bool WorkbookWriter::row(std::span<const Cell> cells) {
  if (++state_->row == kMostRows) {
    throw Error(ErrorCode::invalid, "a sheet has at most 1,048,576 rows", "write CSV, or fewer records");
  }
  for (std::size_t i = 0; i < cells.size(); ++i) write(static_cast<std::uint16_t>(i), cells[i]);
  return true;
}

void WorkbookWriter::write(std::uint16_t column, const Cell& cell) {
  WorkbookFile& file = *state_->file;
  const Column& about = state_->columns[column];
  const auto as_text = [&](const std::string& text) {
    const char* const fault = file.text(state_->row, column, escaped_for_sheet(text).c_str(), Style::plain);
    if (fault == nullptr) return;
    throw Error(ErrorCode::invalid,
                "the field " + quoted(about.name) + " of row " + std::to_string(state_->row + 1) +
                    " cannot stand in a sheet: " + fault,
                "write CSV or JSON lines");
  };
  switch (cell.type) {
    case CellType::null:
      return;
    case CellType::boolean:
      file.boolean(state_->row, column, cell.text == "true");
      return;
    case CellType::list: {
      std::string text;
      for (const std::string_view item : cell.items) text.append(text.empty() ? "" : ";").append(item);
      if (!text.empty()) as_text(text);
      return;
    }
    case CellType::number:
    case CellType::text:
      break;
  }
  if (cell.type == CellType::number || about.right) {
    if (const auto number = number_and_decimals(cell.text)) {
      file.number(state_->row, column, number->first, number->second);
      return;
    }
  }
  if (const auto serial = serial_of(cell.text, about.moment, state_->zone)) {
    file.day(state_->row, column, *serial, about.moment ? Style::moment : Style::date);
    return;
  }
  if (!cell.text.empty()) as_text(std::string(cell.text));
}

void WorkbookWriter::end() {
  if (const char* const fault = state_->file->finish())
    throw Error(ErrorCode::io, "cannot write " + quoted(state_->path) + ": " + fault);
}

}  // namespace crm
