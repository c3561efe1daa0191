// iCalendar files (RFC 5545): folded lines, escaped texts, times in UTC.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "crm/time.h"

namespace crm {

struct CalendarEvent {
  std::string uid;
  Moment stamp{};  // when the record was last changed
  Moment start{};
  std::optional<Date> day;  // where it is for a whole day, without a time
  std::string summary;
  std::string description;  // lines end in LF; may be empty
  std::int64_t sequence = 0;
  bool cancelled = false;
};

// "BEGIN:VCALENDAR" … up to the first event; `name` is what programs call the calendar.
std::string calendar_begin(std::string_view name);
// Half an hour each, but for those of a whole day.
void append_event(std::string& out, const CalendarEvent& event);
std::string calendar_end();

}  // namespace crm
