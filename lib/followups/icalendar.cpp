#include "followups/icalendar.h"

#include <algorithm>
#include <chrono>

#include "base/calendar.h"
#include "base/text.h"

namespace crm {
namespace {

constexpr std::size_t kMostOctets = 75;  // RFC 5545, 3.1, without the line end
constexpr std::chrono::minutes kLength{30};

// RFC 5545, 3.3.11. A control character cannot stand in a text at all.
std::string escaped(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const char32_t c = next_character(text);
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\\' || c == ';' || c == ',') {
      out += '\\';
      out += static_cast<char>(c);
    } else if (c == '\t' || (c >= ' ' && c != 0x7F)) {
      append_utf8(out, c);
    }
  }
  return out;
}

// The line in pieces of 75 octets, never within a character.
void append_line(std::string& out, std::string_view line) {
  std::size_t room = kMostOctets;
  while (!line.empty()) {
    const std::size_t size = std::max<std::size_t>(first_character_size(line), 1);
    if (size > room) {
      out += "\r\n ";
      room = kMostOctets - 1;
    }
    out += line.substr(0, size);
    room -= size;
    line.remove_prefix(size);
  }
  out += "\r\n";
}

void append_text(std::string& out, std::string_view name, std::string_view text) {
  append_line(out, std::string(name) + ':' + escaped(text));
}

// "20260302T010000Z"
void append_moment_line(std::string& out, std::string_view name, Moment moment) {
  std::string text;
  for (const char c : format_moment(within_calendar(moment), TimeZone())) {
    if (c != '-' && c != ':') text += c;
  }
  append_line(out, std::string(name) + ':' + text);
}

// "20260302", as the value of a property of days
void append_day_line(std::string& out, const std::string& name, Date day) {
  std::string text = format_date(day);
  text.erase(std::remove(text.begin(), text.end(), '-'), text.end());
  append_line(out, name + ";VALUE=DATE:" + text);
}

}  // namespace

std::string calendar_begin(std::string_view name) {
  std::string out;
  for (const char* line :
       {"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//crm//follow-ups//EN", "CALSCALE:GREGORIAN"})
    append_line(out, line);
  append_text(out, "X-WR-CALNAME", name);
  return out;
}

void append_event(std::string& out, const CalendarEvent& event) {
  append_line(out, "BEGIN:VEVENT");
  append_text(out, "UID", event.uid);
  append_moment_line(out, "DTSTAMP", event.stamp);
  if (event.day) {
    append_day_line(out, "DTSTART", *event.day);
    const Moment next = std::chrono::sys_days(*event.day) + std::chrono::days(1);
    if (is_in_calendar(next)) append_day_line(out, "DTEND", std::chrono::floor<std::chrono::days>(next));
  } else {
    append_moment_line(out, "DTSTART", event.start);
    append_moment_line(out, "DTEND", event.start + kLength);
  }
  append_line(out, "SEQUENCE:" + std::to_string(event.sequence));
  append_text(out, "SUMMARY", event.summary);
  if (!event.description.empty()) append_text(out, "DESCRIPTION", event.description);
  append_line(out, event.cancelled ? "STATUS:CANCELLED" : "STATUS:CONFIRMED");
  append_line(out, "TRANSP:TRANSPARENT");
  append_line(out, "END:VEVENT");
}

std::string calendar_end() {
  return "END:VCALENDAR\r\n";
}

}  // namespace crm
