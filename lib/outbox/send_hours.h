// When a channel may disturb people: quiet hours and holidays.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "crm/time.h"
#include "process/business_calendar.h"

namespace crm {

inline constexpr std::string_view kSendHoursForms =
    "09:00-18:00, 'workdays 09:00-18:00', or 'calendar' for the workflow's";

class SendHours {
 public:
  // "HH:MM-HH:MM" (over midnight too); "workdays HH:MM-HH:MM", on days that have open hours in the workflow's
  // calendar; or "calendar": those open hours, their breaks counted in. Nothing for another text.
  static std::optional<SendHours> parse(std::string_view text);

  // By the wall clock of the zone.
  bool contains(Moment moment, const TimeZone& zone, const BusinessCalendar& calendar) const;

 private:
  bool by_calendar_ = false;
  bool workdays_ = false;
  std::chrono::minutes from_{0};
  std::chrono::minutes to_{0};
};

}  // namespace crm
