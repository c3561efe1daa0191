#include <algorithm>

#include "base/text.h"
#include "crm/error.h"
#include "crm/records.h"
#include "records/old_values.h"
#include "records/session_state.h"
#include "records/write_record.h"

namespace crm {
namespace {

struct EventToUndo {
  RecordId record;
  Action action;
  std::string old;
};

// The last change that is no undo itself and has not been taken back.
std::int64_t last_change(Connection& connection) {
  const auto change = connection.query_integer(
      "SELECT max(c.id) FROM change c WHERE c.undoes IS NULL AND NOT EXISTS (SELECT 1 FROM change u WHERE u.undoes = c.id)");
  if (!change) throw Error(ErrorCode::not_found, "there is nothing to undo", "see 'crm log'");
  return *change;
}

void check_undoable(Connection& connection, std::int64_t change) {
  const Param params[] = {change};
  if (!connection.exists("SELECT 1 FROM change WHERE id = $1", params)) {
    throw Error(ErrorCode::not_found, "there is no change " + std::to_string(change), "list them with 'crm log'");
  }
  if (const auto undone_by = connection.query_integer("SELECT max(id) FROM change WHERE undoes = $1", params)) {
    // Taken back and then put back again is as if it had never been taken back.
    const Param by[] = {*undone_by};
    if (!connection.exists("SELECT 1 FROM change WHERE undoes = $1", by)) {
      throw Error(ErrorCode::conflict, "change " + std::to_string(change) + " is taken back already, by change " + std::to_string(*undone_by),
                  "to have it again, undo that one");
    }
  }
}

// A list of records changed since would grow with the database: the first few say enough.
void check_untouched(Connection& connection, std::int64_t change) {
  const Param params[] = {change};
  std::vector<std::string> touched;
  std::int64_t count = 0;
  connection.each(
      "SELECT DISTINCT e.kind, e.record FROM event e WHERE e.change = $1 AND EXISTS "
      "(SELECT 1 FROM event l WHERE l.kind = e.kind AND l.record = e.record AND l.change > $1) ORDER BY e.kind, e.record",
      params, [&](const Row& row) {
        if (++count <= 20) touched.push_back(to_string(RecordId{static_cast<Kind>(row.integer(0)), row.integer(1)}));
      });
  if (count == 0) return;
  std::string list;
  for (const std::string& name : touched) list += (list.empty() ? "" : ", ") + name;
  if (count > 20) list += " and " + std::to_string(count - 20) + " more";
  throw Error(ErrorCode::conflict, "changed since: " + list, "undo the later changes first (see 'crm history')");
}

void undo_event(Session& session, const EventToUndo& event) {
  const StoredRecord before = load_record(session, event.record, true);
  StoredRecord after = before;
  Action action = Action::edit;
  if (event.action == Action::add) {
    after.deleted_at = now_seconds(session);
    after.refs.clear();  // the reference is free for a new import
    action = Action::remove;
  } else {
    apply_old_values(session.state().shape(session, event.record.kind), event.old, after);
    if (event.action == Action::remove) action = Action::restore;
    if (event.action == Action::restore) action = Action::remove;
  }
  update_record(session, before, after, action, Origin::undo);
}

}  // namespace

std::vector<RecordId> undo(Session& session, std::optional<std::int64_t> chosen) {
  Write write(session);
  Connection& connection = *session.state().connection;
  const std::int64_t change = chosen ? *chosen : last_change(connection);
  check_undoable(connection, change);
  check_untouched(connection, change);
  std::vector<EventToUndo> events;
  const Param params[] = {change};
  connection.each("SELECT kind, record, action, old FROM event WHERE change = $1 ORDER BY id DESC", params, [&](const Row& row) {
    events.push_back({{static_cast<Kind>(row.integer(0)), row.integer(1)}, static_cast<Action>(row.integer(2)), std::string(row.text(3))});
  });
  session.state().open_change().set_undoes(change);
  std::vector<RecordId> records;
  for (const EventToUndo& event : events) {
    undo_event(session, event);
    if (std::find(records.begin(), records.end(), event.record) == records.end()) records.push_back(event.record);
  }
  write.commit();
  return records;
}

}  // namespace crm
