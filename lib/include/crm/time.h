// Moments, dates and time zones, as values.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "crm/export.h"

namespace crm {

// An instant: seconds since 1970-01-01T00:00:00Z.
using Moment = std::chrono::sys_seconds;
// A calendar date without a time zone, such as a birthday.
using Date = std::chrono::year_month_day;

// A wall clock reading without a zone.
struct LocalTime {
  Date date;
  std::chrono::seconds time_of_day{0};
};

// An IANA time zone, read from the system's zoneinfo files (RFC 8536, with the footer's rule for the years
// after the table). Cheap to copy; safe to share between threads.
class CRM_API TimeZone {
 public:
  // UTC.
  TimeZone();
  // Throws Error{invalid} for a name that the system does not know, with the nearest known one as hint, and
  // Error{io} for a file that cannot be read as a time zone.
  static TimeZone load(std::string_view iana_name);

  const std::string& name() const;
  // Seconds to add to UTC at that instant.
  // Fast where moments in turn lie near each other.
  std::chrono::seconds offset_at(Moment moment) const;
  // A moment outside the years 1–9999 is taken as the nearest within.
  LocalTime to_local(Moment moment) const;
  // At a gap (the wall time does not exist): the first valid instant after it. At a fold: the first of the
  // two.
  Moment to_moment(const LocalTime& local) const;

  struct Rules;

 private:
  explicit TimeZone(std::shared_ptr<const Rules> rules);

  std::shared_ptr<const Rules> rules_;
};

// The zone that TZ or the system names, else UTC: `tz` is the value of TZ, or null where it is not set.
CRM_API TimeZone system_time_zone(const char* tz);

// Where now comes from.
class CRM_API Clock {
 public:
  virtual ~Clock() = default;
  virtual Moment now() const = 0;
};
class CRM_API SystemClock final : public Clock {
 public:
  Moment now() const override;
};
class CRM_API FixedClock final : public Clock {
 public:
  explicit FixedClock(Moment moment) : moment_(moment) {}
  Moment now() const override { return moment_; }

 private:
  Moment moment_;
};

// RFC 3339 with the zone's offset: "2026-03-01T09:00:00+08:00"; "Z" for offset zero. An offset with seconds
// (before 1900 or so) is cut to minutes, the instant stays. A moment outside the years 1–9999 is shown
// as the nearest within.
CRM_API std::string format_moment(Moment moment, const TimeZone& zone);
CRM_API void append_moment(std::string& out, Moment moment, const TimeZone& zone);
// For people: "2026-03-01 09:00".
CRM_API std::string format_moment_short(Moment moment, const TimeZone& zone);
CRM_API std::string format_date(Date date);

// "YYYY-MM-DD", strictly, from the year 0001 on; nothing for anything else (2026-02-30, 2026-3-1).
CRM_API std::optional<Date> parse_iso_date(std::string_view text);

// Whether a date without a time of day means the day's first second or (for a --to) the next day's.
enum class DayEdge { start, end };

// The dates of the command line: `2026-03-01`, `2026-03-01T09:00[:00]` (or a space for the T), the same with
// an offset or Z, `09:00`, `now`, `today`, `tomorrow`, `yesterday`, `mon`…`sun` (the next such day, never
// today), `+3d`, `-2w`,
// `+4h`, `+30m`, `eow`, `eom`, `eoq`, `eoy` (the period's last day, 23:59:59; the week ends on Sunday).
// Without an offset they are in `zone`. A relative time keeps the wall time (d, w) or counts elapsed time (h,
// m). A day without time is its start, or with DayEdge::end the start of the day after; and so is the end of
// a period. Throws Error{invalid} that quotes the text and lists the forms.
CRM_API Moment parse_when(std::string_view text, Moment now, const TimeZone& zone,
                          DayEdge edge = DayEdge::start);

// A length of time: "30m", "48h", "15d", "2w", "90s", at most nine digits. Nothing for anything else; zero
// only as "0d".
CRM_API std::optional<std::chrono::seconds> parse_duration(std::string_view text);

// Which of day and month stands first in the dates of a file that somebody else wrote.
enum class DateOrder { unknown, ymd, dmy, mdy };

// How reading a date of such a file ended. Ambiguous: day and month could be either way round, and no order
// is known. Short year: it has two digits, and the century is a guess: 69 to 99 are 1969 to 1999.
enum class DateReading { read, unreadable, ambiguous, short_year };

struct ImportedMoment {
  DateReading reading = DateReading::unreadable;
  Moment moment{};  // only where it was read, or has a short year and fits a known order
};
struct ImportedDate {
  DateReading reading = DateReading::unreadable;
  Date date{};  // the same
};

// A date, with or without a time of day, as other systems write it: RFC 3339 and ISO 8601
// (`2026-03-01T09:00:00.000Z`, `2026-03-01 09:00+0800`), `2026/3/1 9:00`, `2026.3.1`, `20260301`,
// `2026年3月1日 9时30分`, `1 Mar 2026`, `March 1, 2026`, `25/12/2025`, `1.3.2026`, `03-01-2026 2:15 PM`,
// `2026/3/1 下午2:15`, `20260301093015`, `Sun, 01 Mar 2026 09:00:00 GMT+0800`, and the seconds or thousandths
// since 1970 in ten or thirteen digits (1772327400, from 2001 to 2033). Fractions of a second are cut. A year
// of two digits is a reading of its own. A date with the year last must fit `order`, or be readable in one
// way only; with the year first it is read under any order. Nothing ever rolls over: 31/02/2026 is
// unreadable. Without an offset it is in `zone`; without a time of day, the day's start.
CRM_API ImportedMoment parse_import_moment(std::string_view text, const TimeZone& zone, DateOrder order);
// The same forms; a time of day and offset must be valid and are left out: the date as written. Of the
// seconds since 1970 only those of a midnight in UTC are a date.
CRM_API ImportedDate parse_import_date(std::string_view text, DateOrder order);

}  // namespace crm
