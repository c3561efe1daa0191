// What happened to a record, and to the database.
#include <algorithm>

#include "base/joined.h"
#include "base/text.h"
#include "crm/error.h"
#include "crm/records.h"
#include "records/concealment.h"
#include "records/old_values.h"
#include "records/rights.h"
#include "records/session_state.h"
#include "records/value_text.h"
#include "records/write_record.h"

namespace crm {
namespace {

struct PastEvent {
  std::int64_t change = 0, at = 0, action = 0;
  std::string actor, command, old, rule;
};

const char* action_name(std::int64_t action) {
  switch (static_cast<Action>(action)) {
    case Action::add:
      return "add";
    case Action::edit:
      return "edit";
    case Action::remove:
      return "delete";
    case Action::restore:
      return "restore";
  }
  return "edit";
}

std::string shown_value(Session& session, const StoredRecord& record, const std::string& name) {
  if (name == "tags") return joined(record.tags, ";");
  if (name == "ref") return joined(record.refs, ";");
  const KindView& view = session.view(record.id.kind);
  if (name == "deleted_at")
    return record.deleted_at ? format_moment(Moment(std::chrono::seconds(*record.deleted_at)), session.zone())
                             : std::string();
  const std::size_t position = view.position(name);
  if (position == KindView::npos) return {};
  const std::size_t currency_at = view.position("currency");
  return shown_text(session, *view.fields()[position],
                    value_text(session, *view.fields()[position], record[position],
                               currency_at == KindView::npos ? std::string() : record.text(currency_at)));
}

Cell text_cell(const std::string& text) {
  return text.empty() ? Cell() : Cell{CellType::text, text, {}};
}

std::vector<PastEvent> events_of(Session& session, RecordId id) {
  std::vector<PastEvent> events;
  const Param params[] = {static_cast<std::int64_t>(id.kind), id.id};
  session.state().connection->each(
      "SELECT e.change, c.at, e.action, c.actor, c.command, e.old, e.rule FROM event e JOIN change c ON c.id "
      "= e.change "
      "WHERE e.kind = $1 AND e.record = $2 ORDER BY e.id DESC",
      params, [&](const Row& row) {
        events.push_back({row.integer(0), row.integer(1), row.integer(2), std::string(row.text(3)),
                          std::string(row.text(4)), std::string(row.text(5)), std::string(row.text(6))});
      });
  return events;
}

}  // namespace

void history(Session& session, RecordId id, RowSink& sink) {
  StoredRecord present = load_record(session, id, true);
  const TableShape& shape = session.state().shape(session, id.kind);
  static const std::vector<Column> kColumns = {{.name = "change", .label = "change", .right = true},
                                               {.name = "at", .label = "at", .moment = true},
                                               {.name = "actor", .label = "by"},
                                               {.name = "action", .label = "action"},
                                               {.name = "field", .label = "field"},
                                               {.name = "old", .label = "old"},
                                               {.name = "new", .label = "new"},
                                               {.name = "command", .label = "command", .wide = true},
                                               {.name = "rule", .label = "rule"}};
  sink.begin(kColumns);
  for (const PastEvent& event : events_of(session, id)) {
    StoredRecord before = present;
    std::vector<std::string> names;
    if (!event.old.empty()) {
      apply_old_values(shape, event.old, before);
      names = old_value_names(event.old);
      names.erase(
          std::remove_if(names.begin(), names.end(),
                         [](const std::string& name) { return name == "updated_at" || name == "version"; }),
          names.end());
    }
    if (names.empty()) names.emplace_back();
    const std::string command = shown_command(session, event.command);
    const std::string change = std::to_string(event.change);
    const std::string at = format_moment(Moment(std::chrono::seconds(event.at)), session.zone());
    for (const std::string& name : names) {
      const std::string old_text = name.empty() ? std::string() : shown_value(session, before, name);
      const std::string new_text = name.empty() ? std::string() : shown_value(session, present, name);
      const Cell cells[] = {{CellType::number, change, {}},
                            {CellType::text, at, {}},
                            text_cell(event.actor),
                            {CellType::text, action_name(event.action), {}},
                            text_cell(name),
                            text_cell(old_text),
                            text_cell(new_text),
                            text_cell(command),
                            text_cell(event.rule)};
      if (!sink.row(cells)) break;
    }
    present = std::move(before);
  }
  sink.end();
}

void log(Session& session, const LogQuery& query, RowSink& sink) {
  static const std::vector<Column> kColumns = {{.name = "change", .label = "change", .right = true},
                                               {.name = "at", .label = "at", .moment = true},
                                               {.name = "acted_at", .label = "acted at", .moment = true},
                                               {.name = "actor", .label = "by"},
                                               {.name = "records", .label = "records", .right = true},
                                               {.name = "command", .label = "command", .wide = true},
                                               {.name = "reason", .label = "reason"},
                                               {.name = "undoes", .label = "undoes", .right = true}};
  sink.begin(kColumns);
  // A command line names records and values: others' are for those who see all.
  const Rights& mine = rights(session);
  const bool sees_all = mine.everything || mine.see == Scope::all;
  const Param params[] = {query.limit.value_or(-1), query.change, session.login()};
  session.state().connection->query(
      std::string("SELECT id, at, acted_at, actor, events, command, reason, undoes FROM change WHERE "
                  "(CAST($2 AS INTEGER) IS NULL OR id = $2)") +
          (sees_all ? "" : " AND actor = $3") + " ORDER BY id DESC LIMIT $1",
      params, [&](const Row& row) {
        const std::string id(row.text(0)), actor(row.text(3)), events(row.text(4)),
            command(shown_command(session, row.text(5))), reason(row.text(6)), undoes(row.text(7));
        const std::string at = format_moment(Moment(std::chrono::seconds(row.integer(1))), session.zone());
        const std::string acted_at =
            format_moment(Moment(std::chrono::seconds(row.integer(2))), session.zone());
        const Cell cells[] = {{CellType::number, id, {}},
                              {CellType::text, at, {}},
                              {CellType::text, acted_at, {}},
                              text_cell(actor),
                              {CellType::number, events, {}},
                              text_cell(command),
                              text_cell(reason),
                              undoes.empty() ? Cell() : Cell{CellType::number, undoes, {}}};
        return sink.row(cells);
      });
  sink.end();
}

}  // namespace crm
