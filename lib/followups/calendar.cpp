// Follow-ups as a calendar.
#include "base/digest.h"
#include "crm/error.h"
#include "crm/followups.h"
#include "followups/icalendar.h"
#include "records/record_name.h"
#include "records/session_state.h"

namespace crm {
namespace {

// When a plan is due that has a day and no time.
constexpr std::chrono::seconds kEndOfDay = std::chrono::hours(24) - std::chrono::seconds(1);

const std::vector<std::string>& shown_fields() {
  static const std::vector<std::string> fields = {"id",   "about",   "type",       "at",         "due_at",
                                                  "note", "outcome", "created_at", "updated_at", "version"};
  return fields;
}

// Each row as an event: a plan when it is due, a talk when it happened.
class CalendarSink final : public RowSink {
 public:
  explicit CalendarSink(Session& session) : session_(session), text_(calendar_begin("crm")) {}

  void begin(std::span<const Column> /*columns*/) override {}
  bool row(std::span<const Cell> cells) override {
    enum : std::size_t { id, about, type, at, due_at, note, outcome, created_at, updated_at, version };
    const std::string_view when = cells[at].type != CellType::null ? cells[at].text : cells[due_at].text;
    if (when.empty()) return true;
    CalendarEvent event;
    // The same in each file, and another one's in no other database.
    event.uid =
        hex(sha256("followup/" + std::string(cells[id].text) + '/' + std::string(cells[created_at].text)))
            .substr(0, 32) +
        "@crm";
    event.stamp = moment(cells[updated_at].text);
    event.start = moment(when);
    const LocalTime local = session_.zone().to_local(event.start);
    if (cells[at].type == CellType::null && local.time_of_day == kEndOfDay) event.day = local.date;
    event.sequence = std::stoll(std::string(cells[version].text)) - 1;
    event.summary =
        std::string(cells[type].text) + (cells[type].text.empty() ? "" : ": ") + name_of(cells[about].text);
    event.description = std::string(cells[about].text);
    for (const std::size_t text : {note, outcome}) {
      if (!cells[text].text.empty()) event.description += '\n' + std::string(cells[text].text);
    }
    event.cancelled = cells[outcome].text == "cancelled";
    append_event(text_, event);
    return true;
  }
  void end() override { text_ += calendar_end(); }

  std::string take() { return std::move(text_); }

 private:
  Moment moment(std::string_view text) const {
    return parse_when(std::string(text), session_.now(), session_.zone());
  }

  // What the record is called that a follow-up is about; its number where its name is not for the acting
  // user.
  std::string name_of(std::string_view about) {
    const auto record = parse_record_id(about);
    std::optional<std::string> name = record ? shown_name(session_, *record) : std::nullopt;
    return name ? std::move(*name) : std::string(about);
  }

  Session& session_;
  std::string text_;
};

}  // namespace

std::string followup_calendar(Session& session, ListQuery query) {
  query.kind = Kind::followup;
  query.fields = shown_fields();
  CalendarSink sink(session);
  list(session, query, sink);
  return sink.take();
}

std::string plan_calendar(Session& session, PlanQuery plans) {
  plans.query.fields = shown_fields();
  CalendarSink sink(session);
  list_plans(session, plans, sink);
  return sink.take();
}

}  // namespace crm
