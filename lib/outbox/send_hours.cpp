#include "outbox/send_hours.h"

namespace crm {
namespace {

// "09:30"; "24:00" is the end of the day.
std::optional<std::chrono::minutes> time_of_day(std::string_view text) {
  const auto digit = [&](std::size_t at) {
    return text[at] >= '0' && text[at] <= '9' ? text[at] - '0' : 100;
  };
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const int hour = digit(0) * 10 + digit(1);
  const int minute = digit(3) * 10 + digit(4);
  if (hour > 24 || minute > 59 || (hour == 24 && minute > 0)) return std::nullopt;
  return std::chrono::hours(hour) + std::chrono::minutes(minute);
}

}  // namespace

std::optional<SendHours> SendHours::parse(std::string_view text) {
  SendHours hours;
  hours.by_calendar_ = text == "calendar";
  if (hours.by_calendar_) return hours;
  constexpr std::string_view kWorkdays = "workdays ";
  hours.workdays_ = text.starts_with(kWorkdays);
  if (hours.workdays_) text.remove_prefix(kWorkdays.size());
  const std::size_t dash = text.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto from = time_of_day(text.substr(0, dash));
  const auto to = time_of_day(text.substr(dash + 1));
  if (!from || !to || *from == *to) return std::nullopt;
  hours.from_ = *from;
  hours.to_ = *to;
  return hours;
}

bool SendHours::contains(Moment moment, const TimeZone& zone, const BusinessCalendar& calendar) const {
  const LocalTime local = zone.to_local(moment);
  if (by_calendar_ || workdays_) {
    const auto open = open_hours(calendar, local.date);
    if (open.empty()) return false;
    if (by_calendar_) return open.front().from <= local.time_of_day && local.time_of_day < open.back().to;
  }
  if (from_ < to_) return from_ <= local.time_of_day && local.time_of_day < to_;
  return local.time_of_day >= from_ || local.time_of_day < to_;
}

}  // namespace crm
