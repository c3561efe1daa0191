// The numbers of a spreadsheet as text: what its program shows, dates included.
#pragma once

#include <string>
#include <string_view>

namespace crm {

// Whether a number format shows dates or times: "yyyy-mm-dd", "[$-804]h:mm", "yyyy年m月d日".
bool is_date_format(std::string_view code);
// The same for the formats that are known by number alone (14 is the short date).
bool is_date_format(int built_in);
// Whether one that does shows a time of day.
bool is_time_format(std::string_view code);
bool is_time_format(int built_in);

// "45631.0" → "45631", "1.38E10" → "13800000000", "0.30000000000000004" → "0.3": with the 15 digits that
// spreadsheets have, never in powers of ten where the number is readable without. What is no number stays as
// it is.
void append_sheet_number(std::string& out, std::string_view text);

// The day and time that a serial number stands for: "2026-03-01", "2026-03-01 09:30:00", or "09:30:00" for
// less than a day; midnight is told only `with_time`. Days count from 1899-12-30 (the 29th of February 1900,
// which never was, stays a number), or with `from_1904` from 1904-01-01. A number outside the years to 9999
// stays as it is.
void append_sheet_date(std::string& out, std::string_view text, bool from_1904, bool with_time = false);

}  // namespace crm
