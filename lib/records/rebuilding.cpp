#include "records/rebuilding.h"

#include "crm/error.h"
#include "records/rights.h"
#include "records/session_state.h"

namespace crm {

Rebuilding::Rebuilding(Session& session) : session_(session) {
  session.state().connection->execute("CREATE TEMP TABLE rebuilding (mark INTEGER)", {});
}

Rebuilding::~Rebuilding() {
  try {
    session_.state().connection->execute("DROP TABLE IF EXISTS temp.rebuilding", {});
  } catch (const Error&) {
    // Then the transaction failed, and takes it along.
    return;
  }
}

bool Rebuilding::is_under_way(Session& session) {
  return session.state().connection->exists("SELECT 1 FROM temp.sqlite_master WHERE name = 'rebuilding'", {});
}

bool Rebuilding::is_possible(Session& session, Kind kind) {
  Connection& connection = *session.state().connection;
  if (!rights(session).admin ||
      connection.exists("SELECT 1 FROM \"" + std::string(entity(kind).table) + "\"", {}))
    return false;
  const Param params[] = {static_cast<std::int64_t>(Kind::user), static_cast<std::int64_t>(Kind::team)};
  return !connection.exists(
      "SELECT 1 FROM change c WHERE NOT EXISTS (SELECT 1 FROM import_run r WHERE r.change = c.id) AND EXISTS "
      "(SELECT 1 FROM event e WHERE e.id BETWEEN c.first_event AND c.first_event + c.events - 1 AND e.kind "
      "NOT "
      "IN ($1, $2))",
      params);
}

}  // namespace crm
