// What a savepoint has to put back may be more than SQLite holds in memory, and more than it writes in one
// piece.
#include <doctest/doctest.h>

#include <string>

#include "records/session_state.h"
#include "unit/scratch_database.h"

namespace crm {
namespace {

TEST_SUITE("store/savepoint") {
  TEST_CASE("many changed pages are put back, in memory or by a file") {
    for (const bool bulk : {false, true}) {
      const ScratchDatabase database;
      const auto session = database.open();
      Connection& connection = *session->state().connection;
      if (bulk) connection.prepare_bulk_load();
      connection.begin(AccessMode::write);
      const std::string value(1000, 'v');
      for (std::int64_t i = 0; i < 2000; ++i) {
        const std::string key = "key" + std::to_string(i);
        const Param params[] = {key, value};
        connection.execute("INSERT INTO meta (key, value) VALUES ($1, $2)", params);
      }
      connection.commit();
      connection.begin(AccessMode::write);
      for (int round = 0; round < 3; ++round) {
        connection.savepoint();
        CHECK(connection.execute("UPDATE meta SET value = 'other' WHERE key LIKE 'key%'", {}) == 2000);
        connection.rollback_to_savepoint();
      }
      connection.commit();
      const Param whole[] = {value};
      CHECK(connection.query_integer("SELECT count(*) FROM meta WHERE value = $1", whole) == 2000);
      CHECK(connection.integrity_problems().empty());
    }
  }
}

}  // namespace
}  // namespace crm
