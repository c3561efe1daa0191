// Dates and durations of the command line and of other systems' files, and the rules of time zones.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/calendar.h"
#include "base/posix_zone.h"
#include "crm/error.h"
#include "crm/time.h"
#include "fuzz/require.h"

namespace crm {
namespace {

const TimeZone& zone_of(std::uint8_t choice) {
  static const std::array zones = {TimeZone(), TimeZone::load("America/New_York"),
                                   TimeZone::load("Asia/Shanghai"), TimeZone::load("Australia/Lord_Howe")};
  return zones[choice % zones.size()];
}

void check_command_line(std::string_view text, const TimeZone& zone) {
  const Moment now{std::chrono::seconds(1'772'350'200)};
  try {
    const Moment start = parse_when(text, now, zone);
    const Moment end = parse_when(text, now, zone, DayEdge::end);
    require(start <= end && end - start <= std::chrono::hours(49));
  } catch (const Error& error) {
    require(error.code() == ErrorCode::invalid && !error.message().empty());
  }
  if (const auto duration = parse_duration(text)) require(duration->count() >= 0);
  if (const auto date = parse_iso_date(text)) require(format_date(*date) == text);
}

void check_import(std::string_view text, const TimeZone& zone) {
  const ImportedMoment unknown = parse_import_moment(text, zone, DateOrder::unknown);
  const ImportedMoment dmy = parse_import_moment(text, zone, DateOrder::dmy);
  const ImportedMoment mdy = parse_import_moment(text, zone, DateOrder::mdy);
  if (unknown.reading == DateReading::read) {
    require(dmy.reading == DateReading::read || mdy.reading == DateReading::read);
    // Whoever reads what was written gets the same moment.
    if (is_in_calendar(unknown.moment)) {
      const std::string written = format_moment(unknown.moment, zone);
      require(parse_import_moment(written, zone, DateOrder::dmy).moment == unknown.moment);
    }
  }
  if (unknown.reading == DateReading::ambiguous) {
    require(dmy.reading == DateReading::read && mdy.reading == DateReading::read && dmy.moment != mdy.moment);
  }
  for (const DateOrder order : {DateOrder::unknown, DateOrder::ymd, DateOrder::dmy, DateOrder::mdy}) {
    const ImportedDate date = parse_import_date(text, order);
    require(date.reading == parse_import_moment(text, zone, order).reading);
    require(date.reading != DateReading::read || date.date.ok());
    require(order == DateOrder::unknown || date.reading != DateReading::ambiguous);
  }
}

}  // namespace
}  // namespace crm

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const crm::TimeZone& zone = crm::zone_of(data[0]);
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  crm::check_command_line(text, zone);
  crm::check_import(text, zone);
  if (const auto rule = crm::parse_posix_zone(text); rule && rule->has_daylight) {
    rule->start_in(std::chrono::year(2026));
    rule->end_in(std::chrono::year(2026));
  }
  return 0;
}
