#include "records/open_beside.h"

#include "records/session_state.h"
#include "store/sqlite/sqlite_connection.h"

namespace crm {
namespace {

// Every write adds a change: as long as the last one is the same, so is all the rest.
std::optional<std::int64_t> last_change_of(Connection& connection) {
  return connection.query_integer("SELECT max(id) FROM change");
}

}  // namespace

std::unique_ptr<Connection> open_beside(Session& session) {
  const Session::State& state = session.state();
  if (state.options.mode != AccessMode::read) return nullptr;
  SqliteOptions options;
  options.path = state.options.path;
  options.busy_timeout = state.options.timeout;
  std::unique_ptr<Connection> beside = open_sqlite(options);
  beside->begin(AccessMode::read);
  return last_change_of(*beside) == last_change_of(*state.connection) ? std::move(beside) : nullptr;
}

}  // namespace crm
