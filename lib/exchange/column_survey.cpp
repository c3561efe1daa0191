#include "exchange/column_survey.h"

#include "base/money.h"
#include "base/text.h"
#include "exchange/byte_source.h"

namespace crm {
namespace {

bool reads(std::string_view text, DateOrder order) {
  return parse_import_date(text, order).reading == DateReading::read;
}

}  // namespace

template <typename Visit>
void ColumnSurvey::each_cell(std::size_t column, Visit visit) const {
  if (is_read_once(path_)) return;
  const auto source = open_rows(path_, options_);
  InputRow row;
  while (source->next(row)) {
    if (row.fault || column >= row.fields.size()) continue;
    if (!visit(row.fields[column])) return;
  }
}

DateOrder ColumnSurvey::date_order(std::size_t column) const {
  bool day_first = false;
  bool month_first = false;
  each_cell(column, [&](const InputField& cell) {
    const std::string_view text = trimmed(cell.text);
    if (text.empty() || reads(text, DateOrder::ymd)) return true;
    const bool as_day_first = reads(text, DateOrder::dmy);
    const bool as_month_first = reads(text, DateOrder::mdy);
    day_first = day_first || (as_day_first && !as_month_first);
    month_first = month_first || (as_month_first && !as_day_first);
    return !(day_first && month_first);
  });
  if (day_first == month_first) return DateOrder::unknown;
  return day_first ? DateOrder::dmy : DateOrder::mdy;
}

ColumnSurvey::DecimalMarks ColumnSurvey::decimal_marks(std::size_t column) const {
  DecimalMarks marks;
  each_cell(column, [&](const InputField& cell) {
    if (cell.is_number || cell.text.empty()) return true;
    const MarkTold told = mark_told(cell.text);
    marks.point = marks.point || told == MarkTold::point;
    marks.comma = marks.comma || told == MarkTold::comma;
    return !(marks.point && marks.comma);
  });
  return marks;
}

}  // namespace crm
