#include "records/rebuilding.h"

#include "crm/error.h"
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

}  // namespace crm
