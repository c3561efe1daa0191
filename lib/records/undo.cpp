#include <optional>
#include <unordered_set>

#include "base/text.h"
#include "crm/error.h"
#include "crm/records.h"
#include "records/rights.h"
#include "records/session_state.h"
#include "records/take_back.h"
#include "records/taken_back.h"
#include "records/unsent.h"
#include "records/write_record.h"

namespace crm {
namespace {

// What the log shows to the acting user: others' changes are for those who see all.
std::string shown_changes(Session& session) {
  return sees_all(session) ? "" : " AND actor = $1";
}

// The last change of records that is no undo by last_change() itself and has not been taken back. One that
// took back an import was asked for by the import's number, and is the last as any other.
std::int64_t last_change(Session& session, const TakenBack& taken_back) {
  std::optional<std::int64_t> change;
  const Param params[] = {session.login()};
  session.state().connection->query(
      "SELECT id FROM change c WHERE (undoes IS NULL OR EXISTS (SELECT 1 FROM import_undo i WHERE i.change = "
      "c.id)) AND events > 0 AND id > 1" +
          shown_changes(session) + " ORDER BY id DESC",
      params, [&](const Row& row) {
        if (!taken_back.by(row.integer(0))) change = row.integer(0);
        return !change;
      });
  if (!change) throw Error(ErrorCode::not_found, "there is nothing to undo", "see 'crm log'");
  return *change;
}

void check_undoable(Session& session, std::int64_t change, const TakenBack& taken_back) {
  const Param params[] = {session.login(), change};
  const auto events = session.state().connection->query_integer(
      "SELECT events FROM change WHERE id = $2" + shown_changes(session), params);
  if (!events) {
    throw Error(ErrorCode::not_found, "there is no change " + std::to_string(change),
                "list them with 'crm log'");
  }
  if (change == 1) {
    throw Error(ErrorCode::conflict, "change 1 made the database: it cannot be taken back",
                "delete the file to be rid of it");
  }
  if (*events == 0) {
    throw Error(ErrorCode::conflict, "change " + std::to_string(change) + " touched no record",
                "'crm log' has its command: set by hand what it set before");
  }
  if (const auto by = taken_back.by(change)) {
    throw Error(
        ErrorCode::conflict,
        "change " + std::to_string(change) + " is taken back already, by change " + std::to_string(*by),
        "to have it again, undo that one");
  }
}

// A list of records changed since would grow with the database: the first few say enough.
void check_untouched(Session& session, std::int64_t change, const TakenBack& taken_back) {
  const Param params[] = {change};
  std::vector<RecordId> touched;
  std::int64_t count = 0;
  std::int64_t hidden = 0;
  RecordId last{};
  session.state().connection->each(
      "SELECT DISTINCT e.kind, e.record, l.change FROM change c JOIN event e ON e.id >= c.first_event AND "
      "e.id < c.first_event + c.events JOIN event l ON l.kind = e.kind AND l.record = e.record AND l.change "
      "> $1 WHERE c.id = $1 ORDER BY e.kind, e.record",
      params, [&](const Row& row) {
        const RecordId record{static_cast<Kind>(row.integer(0)), row.integer(1)};
        if (record == last || taken_back.is_void(row.integer(2), change)) return;
        last = record;
        if (!may_see(session, record)) {
          ++hidden;
        } else if (++count <= 20) {
          touched.push_back(record);
        }
      });
  if (count == 0 && hidden == 0) return;
  if (count == 0)
    throw Error(ErrorCode::conflict, "what it changed is no longer shown to you",
                "whoever has it now can undo it, or an admin");
  std::string list;
  for (const RecordId record : touched) list += (list.empty() ? "" : ", ") + to_string(record);
  if (count > 20) list += " and " + std::to_string(count - 20) + " more";
  const RecordId first = touched.front();
  throw Error(ErrorCode::conflict, "changed since: " + list,
              "undo the later changes first: 'crm " + std::string(entity(first.kind).name) + " history " +
                  std::to_string(first.id) + "' lists them");
}

}  // namespace

std::vector<RecordId> undo(Session& session, std::optional<std::int64_t> chosen) {
  Write write(session);
  Connection& connection = *session.state().connection;
  const TakenBack taken_back(connection);
  const std::int64_t change = chosen ? *chosen : last_change(session, taken_back);
  check_undoable(session, change, taken_back);
  check_untouched(session, change, taken_back);
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
  // Should it wait for somebody to agree: to this one, not to what is the last by then.
  if (!chosen) session.state().options.words.push_back(std::to_string(change));
  TakingBack taking(session);
  std::vector<RecordId> records;
  std::unordered_set<std::int64_t> seen;
  for (const LoggedEvent& event : events) {
    taking.take_back(event);
    if (seen.insert(search_key(event.record)).second) records.push_back(event.record);
  }
  taking.finish();
  withdraw_unsent(connection, change);
  write.commit();
  return records;
}

}  // namespace crm
