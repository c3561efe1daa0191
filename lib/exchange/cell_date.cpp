#include <algorithm>

#include "base/digits.h"
#include "base/import_day.h"
#include "base/text.h"
#include "crm/error.h"
#include "exchange/cell_reader.h"
#include "exchange/sheet_number.h"

namespace crm {
namespace {

// The day that a spreadsheet's serial number of five digits stands for (from 1927 to 2173); empty for any
// other text.
std::string serial_date(std::string_view text) {
  text = trimmed(text);
  const std::size_t whole = std::min(text.find('.'), text.size());
  std::string date;
  if (whole != 5 || text.front() == '0') return date;
  if (text.find_first_not_of("0123456789.") == std::string_view::npos) append_sheet_date(date, text, false);
  return date;
}

// "0/0/00" of Outlook; a birthday without its year ("--05-17") is no date either.
bool says_no_date(std::string_view text) {
  return text.starts_with("--") || text.find_first_not_of("0/-. ") == std::string_view::npos;
}

// What is due on a day is not late before the day is over.
bool is_deadline(const ColumnTarget& target) {
  return target.part == ColumnTarget::Part::next_at || (target.field != nullptr && target.field->deadline);
}

}  // namespace

std::string text_of_moment(std::string_view day, std::string_view time) {
  day = trimmed(day);
  time = trimmed(time);
  std::string text = serial_date(day);
  if (text.empty()) text = day;
  if (time.empty() || day.empty() || day.find(':') != std::string_view::npos) return text;
  text += ' ';
  append_sheet_date(text, time, false);
  return text;
}

template <typename Reading>
void CellReader::check_reading(const Reading& reading, const ColumnTarget& target,
                               std::string_view text) const {
  if (reading.reading == DateReading::read) return;
  if (reading.reading == DateReading::short_year && options_.date_order != DateOrder::unknown) return;
  const std::string name(target.field != nullptr ? target.field->name : "the date");
  if (reading.reading == DateReading::ambiguous) {
    throw Error(ErrorCode::invalid, name + " could be either way round: " + quoted(text),
                "say which of day and month stands first with --date-format dmy or mdy")
        .about_field(name);
  }
  if (reading.reading == DateReading::short_year) {
    throw Error(
        ErrorCode::invalid, name + " has a year of two digits: " + quoted(text),
        "say how its dates are written with --date-format dmy, mdy or ymd; 69 to 99 are then 1969 to 1999")
        .about_field(name);
  }
  throw Error(ErrorCode::invalid, name + " cannot be " + quoted(text),
              "it takes a date such as 2026-03-01, with or without a time 09:30")
      .about_field(name);
}

DateOrder CellReader::order_of(std::size_t column) {
  if (options_.date_order != DateOrder::unknown) return options_.date_order;
  const auto known = date_orders_.find(column);
  return known == date_orders_.end() ? DateOrder::unknown : known->second;
}

void CellReader::note_date_order(std::size_t column, std::string_view text) {
  const bool year_first =
      text.size() > 4 && std::all_of(text.begin(), text.begin() + 4, [](char c) { return is_digit(c); });
  if (year_first || order_of(column) != DateOrder::unknown) return;
  const auto reads = [&](DateOrder order) {
    return parse_import_moment(text, session_.zone(), order).reading == DateReading::read;
  };
  const bool day_first = reads(DateOrder::dmy);
  if (day_first == reads(DateOrder::mdy)) return;
  MixedDates& dates = dates_read_[column];
  std::string& example = day_first ? dates.day_first : dates.month_first;
  if (example.empty()) example = text;
}

std::vector<CellReader::MixedDates> CellReader::mixed_dates() const {
  std::vector<MixedDates> mixed;
  for (const auto& [column, dates] : dates_read_) {
    if (!dates.day_first.empty() && !dates.month_first.empty()) mixed.push_back(dates);
  }
  return mixed;
}

std::int64_t CellReader::read_moment(const ColumnTarget& target, std::string_view text) {
  const std::string serial = serial_date(text);
  if (!serial.empty()) text = serial;
  ImportedMoment moment = parse_import_moment(text, session_.zone(), order_of(target.column));
  if (moment.reading == DateReading::ambiguous && date_orders_.count(target.column) == 0) {
    date_orders_[target.column] = survey_.date_order(target.column);
    moment = parse_import_moment(text, session_.zone(), order_of(target.column));
  }
  check_reading(moment, target, text);
  note_date_order(target.column, text);
  if (is_deadline(target) && is_import_day(text, order_of(target.column))) {
    const Date day = parse_import_date(text, order_of(target.column)).date;
    const Date next = std::chrono::sys_days(day) + std::chrono::days(1);
    const Moment end = parse_import_moment(format_date(next), session_.zone(), DateOrder::unknown).moment;
    return (end - std::chrono::seconds(1)).time_since_epoch().count();
  }
  return moment.moment.time_since_epoch().count();
}

Value CellReader::read_date(const ColumnTarget& target, std::string_view text) {
  text = trimmed(text);
  const std::string serial = serial_date(text);
  if (!serial.empty()) text = serial;
  if (says_no_date(text)) {
    if (text.starts_with("--")) ++dates_without_year_;
    return {};
  }
  ImportedDate date = parse_import_date(text, order_of(target.column));
  if (date.reading == DateReading::ambiguous && date_orders_.count(target.column) == 0) {
    date_orders_[target.column] = survey_.date_order(target.column);
    date = parse_import_date(text, order_of(target.column));
  }
  check_reading(date, target, text);
  note_date_order(target.column, text);
  return format_date(date.date);
}

}  // namespace crm
