#include <unordered_set>

#include "base/text.h"
#include "crm/error.h"
#include "crm/records.h"
#include "records/session_state.h"
#include "records/take_back.h"
#include "records/write_record.h"

namespace crm {
namespace {

// The last change of records that is no undo itself and has not been taken back.
std::int64_t last_change(Connection& connection) {
  const auto change = connection.query_integer(
      "SELECT max(c.id) FROM change c WHERE c.undoes IS NULL AND c.events > 0 AND NOT EXISTS (SELECT 1 FROM "
      "change u WHERE "
      "u.undoes = c.id)");
  if (!change) throw Error(ErrorCode::not_found, "there is nothing to undo", "see 'crm log'");
  return *change;
}

void check_undoable(Connection& connection, std::int64_t change) {
  const Param params[] = {change};
  const auto events = connection.query_integer("SELECT events FROM change WHERE id = $1", params);
  if (!events) {
    throw Error(ErrorCode::not_found, "there is no change " + std::to_string(change),
                "list them with 'crm log'");
  }
  if (*events == 0) {
    throw Error(ErrorCode::conflict, "change " + std::to_string(change) + " touched no record",
                "'crm log' has its command: set by hand what it set before");
  }
  if (const auto undone_by =
          connection.query_integer("SELECT max(id) FROM change WHERE undoes = $1", params)) {
    // Taken back and then put back again is as if it had never been taken back.
    const Param by[] = {*undone_by};
    if (!connection.exists("SELECT 1 FROM change WHERE undoes = $1", by)) {
      throw Error(ErrorCode::conflict,
                  "change " + std::to_string(change) + " is taken back already, by change " +
                      std::to_string(*undone_by),
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
      "SELECT DISTINCT e.kind, e.record FROM change c JOIN event e ON e.id >= c.first_event AND e.id < "
      "c.first_event + c.events "
      "WHERE c.id = $1 AND EXISTS "
      "(SELECT 1 FROM event l WHERE l.kind = e.kind AND l.record = e.record AND l.change > $1) ORDER BY "
      "e.kind, e.record",
      params, [&](const Row& row) {
        if (++count <= 20)
          touched.push_back(to_string(RecordId{static_cast<Kind>(row.integer(0)), row.integer(1)}));
      });
  if (count == 0) return;
  std::string list;
  for (const std::string& name : touched) list += (list.empty() ? "" : ", ") + name;
  if (count > 20) list += " and " + std::to_string(count - 20) + " more";
  throw Error(ErrorCode::conflict, "changed since: " + list,
              "undo the later changes first (see 'crm history')");
}

}  // namespace

std::vector<RecordId> undo(Session& session, std::optional<std::int64_t> chosen) {
  Write write(session);
  Connection& connection = *session.state().connection;
  const std::int64_t change = chosen ? *chosen : last_change(connection);
  check_undoable(connection, change);
  check_untouched(connection, change);
  std::vector<LoggedEvent> events;
  const Param params[] = {change};
  connection.each(
      "SELECT e.kind, e.record, e.action, e.old FROM change c JOIN event e ON e.id >= c.first_event AND e.id "
      "< c.first_event + c.events "
      "WHERE c.id = $1 ORDER BY e.id DESC",
      params, [&](const Row& row) {
        events.push_back({{static_cast<Kind>(row.integer(0)), row.integer(1)},
                          static_cast<Action>(row.integer(2)),
                          std::string(row.text(3))});
      });
  session.state().open_change().set_undoes(change);
  std::vector<RecordId> records;
  std::unordered_set<std::int64_t> seen;
  for (const LoggedEvent& event : events) {
    take_back(session, event);
    if (seen.insert(search_key(event.record)).second) records.push_back(event.record);
  }
  write.commit();
  return records;
}

}  // namespace crm
