#include <array>
#include <string>

#include "crm/customers.h"
#include "crm/error.h"
#include "records/old_values.h"
#include "records/reactor.h"
#include "records/rights.h"
#include "records/session_state.h"
#include "records/write_record.h"

namespace crm {
namespace {

enum class Event : std::int64_t { change = 1, contact, lead, stage, followup, plan };

const char* name(Event event) {
  switch (event) {
    case Event::change:
      return "change";
    case Event::contact:
      return "contact";
    case Event::lead:
      return "lead";
    case Event::stage:
      return "stage";
    case Event::followup:
      return "followup";
    case Event::plan:
      return "plan";
  }
  return "";
}

// Each part is answered by an index. Columns: moment, event, number of the record, kind and number of the one
// it is about, user, three texts; for a change the first text is who made it, the second the old values, the
// third the action.
constexpr std::string_view kEvents =
    "SELECT CASE WHEN e.action = 1 THEN $2 ELSE coalesce(e.acted_at, c.acted_at) END, 1, e.record, NULL, "
    "NULL, NULL, c.actor, "
    "e.old, CAST(e.action AS TEXT), e.id "
    "FROM event e JOIN change c ON c.id = e.change WHERE e.kind = 3 AND e.record = $1 "
    "UNION ALL SELECT created_at, 2, id, 3, customer, NULL, name, title, NULL, id FROM contact WHERE "
    "customer = $1 AND deleted_at IS NULL "
    "UNION ALL SELECT created_at, 3, id, 3, customer, owner, name, source, NULL, id FROM lead WHERE customer "
    "= $1 AND deleted_at IS NULL "
    "UNION ALL SELECT at, 4, id, 5, record_id, by_user, from_stage, to_stage, NULL, id FROM stage_change "
    "WHERE record_kind = 5 AND record_id IN (SELECT id FROM lead WHERE customer = $1 AND deleted_at IS NULL) "
    "AND deleted_at IS NULL "
    "UNION ALL SELECT coalesce(at, done_at, due_at), CASE WHEN at IS NULL THEN 6 ELSE 5 END, id, about_kind, "
    "about_id, owner, type, outcome, note, id "
    "FROM followup WHERE about_kind = 3 AND about_id = $1 AND deleted_at IS NULL "
    "UNION ALL SELECT coalesce(at, done_at, due_at), CASE WHEN at IS NULL THEN 6 ELSE 5 END, id, about_kind, "
    "about_id, owner, type, outcome, note, id "
    "FROM followup WHERE about_kind = 4 AND about_id IN (SELECT id FROM contact WHERE customer = $1 AND "
    "deleted_at IS NULL) AND deleted_at IS NULL "
    "UNION ALL SELECT coalesce(at, done_at, due_at), CASE WHEN at IS NULL THEN 6 ELSE 5 END, id, about_kind, "
    "about_id, owner, type, outcome, note, id "
    "FROM followup WHERE about_kind = 5 AND about_id IN (SELECT id FROM lead WHERE customer = $1 AND "
    "deleted_at IS NULL) AND deleted_at IS NULL "
    "ORDER BY 1 DESC, 2 DESC, 10 DESC LIMIT $3";

Kind kind_of(Event event) {
  switch (event) {
    case Event::change:
      return Kind::customer;
    case Event::contact:
      return Kind::contact;
    case Event::lead:
      return Kind::lead;
    case Event::stage:
      return Kind::stage_change;
    case Event::followup:
    case Event::plan:
      break;
  }
  return Kind::followup;
}

// The present row's values, by what they mean.
struct EventRow {
  explicit EventRow(const Row& row)
      : at(row.integer(0)),
        event(static_cast<Event>(row.integer(1))),
        record{kind_of(event), row.integer(2)},
        about{static_cast<Kind>(row.integer(3)), row.integer(4)},
        user(row.optional_integer(5)),
        first(row.text(6)),
        second(row.text(7)),
        third(row.text(8)) {}

  std::int64_t at;
  Event event;
  RecordId record;
  RecordId about;  // number 0: nothing else
  std::optional<std::int64_t> user;
  std::string first, second, third;
};

std::string changed_fields(const std::string& old_values) {
  std::string text;
  if (old_values.empty()) return text;
  for (const std::string& field : old_value_names(old_values)) {
    if (field != "updated_at" && field != "version") text += (text.empty() ? "" : ", ") + field;
  }
  return text;
}

std::string change_text(const EventRow& row) {
  switch (static_cast<Action>(std::stoi(row.third))) {
    case Action::add:
      return "added";
    case Action::remove:
      return "deleted";
    case Action::restore:
      return "restored";
    case Action::edit:
      break;
  }
  return "changed " + changed_fields(row.second);
}

std::string text_of(const EventRow& row) {
  switch (row.event) {
    case Event::change:
      return change_text(row);
    case Event::contact:
    case Event::lead:
      return row.second.empty() ? row.first : row.first + ", " + row.second;
    case Event::stage:
      return row.first.empty() ? row.second : row.first + " → " + row.second;
    case Event::followup:
    case Event::plan:
      break;
  }
  std::string text = row.first;
  if (!row.second.empty()) text += (text.empty() ? "" : ", ") + row.second;
  if (!row.third.empty()) text += (text.empty() ? "" : ": ") + row.third;
  return text;
}

Cell text_cell(const std::string& text) {
  return text.empty() ? Cell() : Cell{CellType::text, text, {}};
}

}  // namespace

ListResult view_customer(Session& session, RecordId customer, std::optional<std::int64_t> limit,
                         RowSink& sink) {
  const Param asked_for[] = {customer.id};
  const auto created_at = session.state().connection->query_integer(
      "SELECT created_at FROM customer r WHERE r.id = $1 AND r.deleted_at IS NULL" +
          visible_sql(session, Kind::customer),
      asked_for);
  if (!created_at) load_record(session, customer);  // says why it is not there
  static const std::array<Column, 6> kColumns{{{.name = "at", .label = "at", .moment = true},
                                               {.name = "event", .label = "event"},
                                               {.name = "record", .label = "record"},
                                               {.name = "about", .label = "about"},
                                               {.name = "by", .label = "by"},
                                               {.name = "text", .label = "what", .wide = true}}};
  sink.begin(kColumns);
  ListResult result;
  // One more than asked for tells whether there are more.
  const bool sees_all = rights(session).everything;
  const Param params[] = {customer.id, created_at, limit && sees_all ? *limit + 1 : -1};
  session.state().connection->query(kEvents, params, [&](const Row& stored) {
    const EventRow row(stored);
    if (!sees_all && !may_see(session, row.record)) return true;
    if (limit && result.rows == *limit) {
      result.more = true;
      return false;
    }
    ++result.rows;
    const std::string at = format_moment(Moment(std::chrono::seconds(row.at)), session.zone());
    const std::string id = to_string(row.record);
    const std::string about = row.about.id == 0 ? std::string() : to_string(row.about);
    const std::string by = row.event == Event::change ? row.first
                           : row.user                 ? session.state().name_of(Kind::user, *row.user)
                                                      : std::string();
    const std::string text = text_of(row);
    const Cell cells[] = {{CellType::text, at, {}},
                          {CellType::text, name(row.event), {}},
                          {CellType::text, id, {}},
                          text_cell(about),
                          text_cell(by),
                          text_cell(text)};
    return sink.row(cells);
  });
  sink.end();
  return result;
}

}  // namespace crm
