#include <algorithm>
#include <array>
#include <chrono>
#include <string>

#include "base/digits.h"
#include "base/text.h"
#include "crm/time.h"
#include "workflow/map_reader.h"
#include "workflow/sections.h"

namespace crm {
namespace {

using std::chrono::minutes;

constexpr std::array<std::string_view, 7> kWeekdays = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
constexpr std::size_t kMaxRanges = 1000;

// Its place in the week from Monday, or npos.
std::size_t weekday_of(std::string_view word) {
  const auto found = std::find(kWeekdays.begin(), kWeekdays.end(), word);
  return found == kWeekdays.end() ? std::string_view::npos
                                  : static_cast<std::size_t>(found - kWeekdays.begin());
}

// The days of "mon", "mon-fri" or "sun-thu", in their order; none where the text is nothing such.
std::vector<std::size_t> days_of(std::string_view text) {
  const std::size_t dash = text.find('-');
  const std::size_t first = weekday_of(text.substr(0, dash));
  const std::size_t last = dash == std::string_view::npos ? first : weekday_of(text.substr(dash + 1));
  if (first >= kWeekdays.size() || last >= kWeekdays.size()) return {};
  std::vector<std::size_t> days = {first};
  while (days.back() != last) days.push_back((days.back() + 1) % kWeekdays.size());
  return days;
}

// "09:00"; "24:00" is the end of the day.
std::optional<minutes> wall_time(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  for (const std::size_t i : {0U, 1U, 3U, 4U}) {
    if (!is_digit(text[i])) return std::nullopt;
  }
  const int hour = (text[0] - '0') * 10 + (text[1] - '0');
  const int minute = (text[3] - '0') * 10 + (text[4] - '0');
  if (minute > 59 || hour > 24 || (hour == 24 && minute > 0)) return std::nullopt;
  return minutes(hour * 60 + minute);
}

std::optional<OpenHours> open_hours_of(std::string_view text) {
  const std::size_t dash = text.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto from = wall_time(trimmed(text.substr(0, dash)));
  const auto to = wall_time(trimmed(text.substr(dash + 1)));
  if (!from || !to) return std::nullopt;
  return OpenHours{*from, *to};
}

// "09:00-12:00, 13:30-18:00".
std::vector<OpenHours> read_spans(const Node& node, Faults& faults) {
  std::vector<OpenHours> spans;
  if (!scalar_text(node, "the hours of a day", faults)) return spans;
  std::string_view rest = node.text;
  while (true) {
    const std::size_t comma = rest.find(',');
    const std::string_view text = trimmed(rest.substr(0, comma));
    const auto offset = static_cast<std::size_t>(text.data() - node.text.data());
    const auto span = open_hours_of(text);
    if (!span) {
      faults.add_within(node, offset, quoted(text) + " is no stretch of hours",
                        "write 09:00-12:00, or several with commas between");
    } else if (span->to <= span->from) {
      faults.add_within(node, offset, quoted(text) + " ends before it begins",
                        "give a night's hours to both days: 20:00-24:00 and 00:00-06:00");
    } else if (!spans.empty() && span->from < spans.back().to) {
      faults.add_within(node, offset, quoted(text) + " begins before the hours ahead of it end",
                        "write them in order, apart");
    } else {
      spans.push_back(*span);
    }
    if (comma == std::string_view::npos) return spans;
    rest.remove_prefix(comma + 1);
  }
}

void read_hours(const Node& node, BusinessCalendar& calendar, Faults& faults) {
  const std::size_t faults_before = faults.count();
  std::array<bool, 7> given{};
  for (auto& day : calendar.hours) day.clear();
  for (const auto& [key, value] : entries_of(node, "'hours'", faults)) {
    const std::vector<std::size_t> days = days_of(key.text);
    if (days.empty()) {
      faults.add(key, quoted(key.text) + " is no day of the week",
                 "write mon, tue, wed, thu, fri, sat, sun, or a range such as mon-fri");
    }
    const std::vector<OpenHours> spans = read_spans(value, faults);
    for (const std::size_t day : days) {
      if (given[day]) faults.add(key, "the hours of " + std::string(kWeekdays[day]) + " are given twice");
      given[day] = true;
      calendar.hours[(day + 1) % 7] = spans;
    }
  }
  const auto is_closed = [](const std::vector<OpenHours>& day) { return day.empty(); };
  if (faults.count() == faults_before && std::all_of(calendar.hours.begin(), calendar.hours.end(), is_closed))
    faults.add(node, "no day has open hours", "write 'mon-fri: 09:00-18:00', or leave 'hours' out");
}

std::optional<DayRange> day_range(std::string_view text) {
  const std::size_t dots = text.find("..");
  const auto first = parse_iso_date(text.substr(0, dots));
  const auto last = dots == std::string_view::npos ? first : parse_iso_date(text.substr(dots + 2));
  if (!first || !last) return std::nullopt;
  return DayRange{*first, *last};
}

std::chrono::days length(const DayRange& range) {
  return std::chrono::sys_days(range.last) - std::chrono::sys_days(range.first);
}

void read_days(const Node& node, std::string_view key, std::vector<DayRange>& ranges, Faults& faults) {
  for (const Node* item : scalar_list(node, quoted(key), faults)) {
    const auto range = day_range(item->text);
    if (!range) {
      faults.add(*item, quoted(item->text) + " is no day", "write '2026-10-01', or '2026-10-01..2026-10-07'");
    } else if (range->last < range->first) {
      faults.add(*item, quoted(item->text) + " ends before it begins");
    } else if (length(*range) > std::chrono::days(366)) {
      faults.add(*item, quoted(item->text) + " is more than a year");
    } else if (ranges.size() == kMaxRanges) {
      faults.add(*item, "more than " + std::to_string(kMaxRanges) + " entries");
      return;
    } else {
      ranges.push_back(*range);
    }
  }
}

bool overlap(const DayRange& a, const DayRange& b) {
  return a.first <= b.last && b.first <= a.last;
}

void check_apart(const Node& workdays, const BusinessCalendar& calendar, Faults& faults) {
  for (const Node* item : scalar_list(workdays, "'workdays'", faults)) {
    const auto range = day_range(item->text);
    const bool holiday = range && std::any_of(calendar.holidays.begin(), calendar.holidays.end(),
                                              [&](const DayRange& other) { return overlap(*range, other); });
    if (holiday)
      faults.add(*item, quoted(item->text) + " is among the holidays too", "take it out of one of the lists");
  }
}

}  // namespace

void read_calendar(const Node& node, Reading& reading) {
  Faults& faults = reading.faults;
  BusinessCalendar& calendar = reading.process.calendar;
  const std::size_t faults_before = faults.count();
  const MapReader map(node, workflow_keys::kCalendar, "'calendar'", faults);
  if (const Node* hours = map.find("hours")) read_hours(*hours, calendar, faults);
  if (const Node* holidays = map.find("holidays"))
    read_days(*holidays, "holidays", calendar.holidays, faults);
  const Node* workdays = map.find("workdays");
  if (workdays == nullptr) return;
  read_days(*workdays, "workdays", calendar.workdays, faults);
  if (faults.count() == faults_before) check_apart(*workdays, calendar, faults);
}

}  // namespace crm
