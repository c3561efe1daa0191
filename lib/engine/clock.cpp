#include "engine/clock.h"

namespace crm {

Moment LimitClock::later(Moment moment, std::chrono::seconds time) const {
  return limit_.business ? add_business_time(calendar_, zone_, moment, time) : moment + time;
}

Moment LimitClock::without_pauses(int percent) const {
  const Moment limit = add_dwell(calendar_, zone_, start_, limit_);
  if (percent == 100) return limit;
  const std::chrono::seconds whole =
      limit_.business ? business_time_between(calendar_, zone_, start_, limit) : limit - start_;
  return later(start_, whole * percent / 100);
}

std::optional<Moment> LimitClock::at(int percent) const {
  Moment moment = without_pauses(percent);
  for (const Pause& pause : pauses_) {
    if (pause.from >= moment) break;
    if (!pause.to) return std::nullopt;
    moment = later(moment, limit_.business ? business_time_between(calendar_, zone_, pause.from, *pause.to)
                                           : *pause.to - pause.from);
  }
  return moment;
}

}  // namespace crm
