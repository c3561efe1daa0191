#include "crm/time.h"

#include <algorithm>
#include <array>

#include "base/calendar.h"

namespace crm {
namespace {

using std::chrono::seconds;

// Digits are written into a buffer on the stack: exports format millions of moments.
class Digits {
 public:
  void two(unsigned value) {
    put(static_cast<char>('0' + value / 10));
    put(static_cast<char>('0' + value % 10));
  }
  void put(char c) { bytes_[size_++] = c; }
  void date(Date date) {
    const auto year = static_cast<unsigned>(static_cast<int>(date.year()));
    two(year / 100);
    two(year % 100);
    put('-');
    two(static_cast<unsigned>(date.month()));
    put('-');
    two(static_cast<unsigned>(date.day()));
  }
  void hours_and_minutes(seconds time) {
    const auto minutes = static_cast<unsigned>(time.count()) / 60;
    two(minutes / 60);
    put(':');
    two(minutes % 60);
  }
  std::string_view text() const { return {bytes_.data(), size_}; }

 private:
  std::array<char, 32> bytes_;
  std::size_t size_ = 0;
};

// The zone's, or the nearest at which the year has four digits.
std::chrono::minutes written_offset(Moment moment, const TimeZone& zone) {
  using std::chrono::minutes;
  return std::clamp(std::chrono::duration_cast<minutes>(zone.offset_at(moment)),
                    std::chrono::ceil<minutes>(kFirstMoment - moment),
                    std::chrono::floor<minutes>(kLastMoment - moment));
}

}  // namespace

Moment SystemClock::now() const {
  return std::chrono::floor<seconds>(std::chrono::system_clock::now());
}

void append_moment(std::string& out, Moment moment, const TimeZone& zone) {
  moment = within_writing(moment);
  const std::chrono::minutes offset = written_offset(moment, zone);
  const Moment shifted = moment + offset;
  const auto day = std::chrono::floor<std::chrono::days>(shifted);
  const seconds time = shifted - day;
  Digits digits;
  digits.date(Date(day));
  digits.put('T');
  digits.hours_and_minutes(time);
  digits.put(':');
  digits.two(static_cast<unsigned>(time.count()) % 60);
  if (offset.count() == 0) {
    digits.put('Z');
  } else {
    digits.put(offset.count() < 0 ? '-' : '+');
    digits.hours_and_minutes(std::chrono::abs(offset));
  }
  out += digits.text();
}

std::string format_moment(Moment moment, const TimeZone& zone) {
  std::string out;
  append_moment(out, moment, zone);
  return out;
}

std::string format_moment_short(Moment moment, const TimeZone& zone) {
  const LocalTime local = zone.to_local(moment);
  Digits digits;
  digits.date(local.date);
  digits.put(' ');
  digits.hours_and_minutes(local.time_of_day);
  return std::string(digits.text());
}

std::string format_date(Date date) {
  Digits digits;
  digits.date(date);
  return std::string(digits.text());
}

}  // namespace crm
