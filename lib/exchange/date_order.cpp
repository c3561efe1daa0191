#include "exchange/date_order.h"
#include "exchange/byte_source.h"

#include "base/text.h"

namespace crm {
namespace {

bool reads(std::string_view text, DateOrder order) {
  return parse_import_date(text, order).reading == DateReading::read;
}

}  // namespace

DateOrder find_date_order(const std::string& path, const RowSourceOptions& options, std::size_t column) {
  if (is_read_once(path)) return DateOrder::unknown;
  const auto source = open_rows(path, options);
  bool day_first = false;
  bool month_first = false;
  InputRow row;
  while (source->next(row) && !(day_first && month_first)) {
    if (row.fault || column >= row.fields.size()) continue;
    const std::string_view text = trimmed(row.fields[column].text);
    if (text.empty() || reads(text, DateOrder::ymd)) continue;
    const bool as_day_first = reads(text, DateOrder::dmy);
    const bool as_month_first = reads(text, DateOrder::mdy);
    day_first = day_first || (as_day_first && !as_month_first);
    month_first = month_first || (as_month_first && !as_day_first);
  }
  if (day_first == month_first) return DateOrder::unknown;
  return day_first ? DateOrder::dmy : DateOrder::mdy;
}

}  // namespace crm
