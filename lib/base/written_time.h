// A date and time as somebody wrote it, before a zone makes a moment of it.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "crm/time.h"

namespace crm {

struct WrittenTime {
  Date date;
  std::optional<std::chrono::seconds> time_of_day;
  std::optional<std::chrono::seconds> offset;  // only with a time of day
};

// Takes a text apart from front to back. What does not fit is left where it is.
class TimeScanner {
 public:
  explicit TimeScanner(std::string_view text) : rest_(text) {}

  bool at_end() const { return rest_.empty(); }
  std::string_view rest() const { return rest_; }
  bool take(std::string_view text);
  bool take_ignoring_case(std::string_view text);  // ASCII
  void skip_spaces();
  // How many digits stand next.
  std::size_t digits_ahead() const;
  // A number of at least `least` and at most `most` digits, with no digit after it.
  std::optional<int> number(std::size_t least, std::size_t most);
  // ":MM[:SS[.fraction]]" after an hour: the seconds since that hour. Programs that fill nothing up with
  // zeros write minutes and seconds of one digit; `least` says whether they are read.
  std::optional<std::chrono::seconds> minutes_after_hour(std::size_t least = 2);
  // The fraction of a second, if one stands here. False where it is none, or of more than nine digits.
  bool skip_fraction();
  // "Z", "+08:00", "+0800", "+08". Absent where none stands here; broken() where one does that is none.
  std::optional<std::chrono::seconds> offset();
  bool broken() const { return broken_; }

 private:
  std::string_view rest_;
  bool broken_ = false;
};

// ISO 8601 as RFC 3339 has it: "2026-03-01", "2026-03-01T09:00", "2026-03-01 09:00:00.5+08:00", the offset
// also as "+0800" or "+08". Nothing for all else.
std::optional<WrittenTime> parse_iso_time(std::string_view text);

// The instant: by the offset that was written, else by the zone. A date alone is the day's start.
Moment moment_of(const WrittenTime& written, const TimeZone& zone);

}  // namespace crm
