#include "followups/icalendar.h"

#include <doctest/doctest.h>

#include "crm/followups.h"
#include "crm/text.h"
#include "unit/desk.h"

using namespace crm;

namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = text.find("\r\n", begin);
    REQUIRE(end != std::string::npos);
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 2;
  }
  return lines;
}

std::string unfolded(const std::string& text) {
  std::string out = text;
  for (std::size_t at = 0; (at = out.find("\r\n ", at)) != std::string::npos;) out.erase(at, 3);
  return out;
}

}  // namespace

TEST_CASE("lines are folded at 75 octets, never within a character, and unfold to what they were") {
  CalendarEvent event;
  event.uid = "u@crm";
  for (int i = 0; i < 60; ++i) event.summary += "跟进a";
  std::string text;
  append_event(text, event);
  for (const std::string& line : lines_of(text)) {
    CHECK(line.size() <= 75);
    CHECK(is_valid_utf8(line));
  }
  CHECK(unfolded(text).find("SUMMARY:" + event.summary + "\r\n") != std::string::npos);
}

TEST_CASE("texts are escaped, and no text makes a line of its own") {
  CalendarEvent event;
  event.uid = "u@crm";
  event.summary = "a,b;c\\d\r\nEND:VCALENDAR";
  event.description = "one\ntwo\x07";
  std::string text;
  append_event(text, event);
  CHECK(text.find("SUMMARY:a\\,b\\;c\\\\d\\nEND:VCALENDAR\r\n") != std::string::npos);
  CHECK(text.find("DESCRIPTION:one\\ntwo\r\n") != std::string::npos);
}

TEST_CASE("plans as a calendar: in UTC, the same uid each time, a higher sequence after a change") {
  test::Desk desk;
  desk.lead("王芳");
  const RecordId plan =
      plan_followup(desk.session(), {Kind::lead, 1}, {{"due_at", "2026-03-03T09:00"}, {"type", "call"}})
          .record;
  PlanQuery agenda;
  agenda.list = PlanList::agenda;
  const std::string first = plan_calendar(desk.session(), agenda);
  CHECK(first.find(
            "DTSTART:20260303T010000Z\r\nDTEND:20260303T013000Z\r\nSEQUENCE:0\r\nSUMMARY:call: 王芳\r\n") !=
        std::string::npos);
  reschedule_followup(desk.session(), plan, "2026-03-04T09:00");
  const std::string second = plan_calendar(desk.session(), agenda);
  CHECK(second.find("DTSTART:20260304T010000Z") != std::string::npos);
  CHECK(second.find("SEQUENCE:1") != std::string::npos);
  const auto uid = [](const std::string& text) { return text.substr(text.find("UID:"), 40); };
  CHECK(uid(first) == uid(second));
  CHECK(first.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"));
  CHECK(first.ends_with("END:VEVENT\r\nEND:VCALENDAR\r\n"));
}

TEST_CASE("a plan for a day without a time takes the whole day") {
  test::Desk desk;
  desk.lead("王芳");
  plan_followup(desk.session(), {Kind::lead, 1}, {{"due_at", "2026-03-31"}, {"type", "call"}});
  PlanQuery agenda;
  agenda.list = PlanList::agenda;
  agenda.days = 60;
  CHECK(plan_calendar(desk.session(), agenda)
            .find("DTSTART;VALUE=DATE:20260331\r\nDTEND;VALUE=DATE:20260401\r\n") != std::string::npos);
}
