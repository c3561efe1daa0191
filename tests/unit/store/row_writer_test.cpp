// The thread that writes rows: in their order, and what fails there is heard of here.
#include "store/sqlite/row_writer.h"

#include <doctest/doctest.h>

#include <vector>

#include "crm/error.h"
#include "records/session_state.h"
#include "unit/scratch_database.h"

namespace crm {
namespace {

std::unique_ptr<RowBlock> numbered_block(RowWriter& writer, std::size_t place) {
  auto block = writer.take_spare();
  block->place = place;
  return block;
}

void append_twin(Connection& connection, std::int64_t record, const std::string& key) {
  const Param params[] = {4, "twins", key, record};
  connection.append("INSERT INTO external_ref (kind, source, key, record) VALUES ($1, $2, $3, $4)", params);
}

std::int64_t twins(Connection& connection) {
  return connection.query_integer("SELECT count(*) FROM external_ref WHERE source = 'twins'").value_or(-1);
}

TEST_SUITE("store/row_writer") {
  TEST_CASE("blocks are written in their order") {
    std::vector<std::size_t> written;
    RowWriter writer([&](const RowBlock& block) { written.push_back(block.place); });
    for (std::size_t i = 0; i < 1000; ++i) {
      writer.hand_over(numbered_block(writer, i));
      if (i % 100 != 0) continue;
      writer.settle();
      CHECK(written.size() == i + 1);
    }
    writer.settle();
    REQUIRE(written.size() == 1000);
    for (std::size_t i = 0; i < written.size(); ++i) CHECK(written[i] == i);
  }

  TEST_CASE("what fails is thrown to whoever goes on, until all is dropped") {
    std::size_t written = 0;
    RowWriter writer([&](const RowBlock& block) {
      if (block.place == 1) throw Error(ErrorCode::io, "no room");
      ++written;
    });
    writer.hand_over(numbered_block(writer, 0));
    writer.hand_over(numbered_block(writer, 1));
    CHECK_THROWS_AS(writer.settle(), Error);
    CHECK_THROWS_AS(writer.settle(), Error);
    CHECK_THROWS_AS(writer.hand_over(numbered_block(writer, 2)), Error);
    CHECK(written == 1);
    writer.drop();
    CHECK_NOTHROW(writer.settle());
    writer.hand_over(numbered_block(writer, 3));
    writer.settle();
    CHECK(written == 2);
  }

  TEST_CASE("a row that cannot be written fails the load, and nothing is left of that") {
    const ScratchDatabase database;
    const auto session = database.open();
    Connection& connection = *session->state().connection;
    connection.prepare_bulk_load();
    connection.begin(AccessMode::write);
    bool failed = false;
    try {
      for (std::int64_t i = 0; i < 5000; ++i) append_twin(connection, i, i == 700 ? "7" : std::to_string(i));
      connection.commit();
    } catch (const Error&) {
      failed = true;
    }
    CHECK(failed);
    CHECK_THROWS_AS(twins(connection), Error);
    connection.rollback();
    CHECK(twins(connection) == 0);
    connection.begin(AccessMode::write);
    for (std::int64_t i = 0; i < 5000; ++i) append_twin(connection, i, std::to_string(i));
    connection.commit();
    CHECK(twins(connection) == 5000);
  }

  TEST_CASE("long rows are handed over before they are many") {
    const ScratchDatabase database;
    const auto session = database.open();
    Connection& connection = *session->state().connection;
    connection.prepare_bulk_load();
    connection.begin(AccessMode::write);
    for (std::int64_t i = 0; i < 3000; ++i)
      append_twin(connection, i, std::string(static_cast<std::size_t>(i) % 5000, 'k') + std::to_string(i));
    CHECK(twins(connection) == 3000);
    CHECK(connection.query_integer("SELECT sum(length(key)) FROM external_ref WHERE source = 'twins' AND "
                                   "key LIKE '%k' || record") > 0);
    CHECK(connection.query_integer(
              "SELECT count(*) FROM external_ref WHERE source = 'twins' AND length(key) <> "
              "record % 5000 + length(CAST(record AS TEXT))") == 0);
    connection.commit();
  }

  TEST_CASE("rows that a visitor adds are written while its query goes on") {
    const ScratchDatabase database;
    const auto session = database.open();
    Connection& connection = *session->state().connection;
    connection.prepare_bulk_load();
    connection.begin(AccessMode::write);
    for (std::int64_t i = 0; i < 2000; ++i) append_twin(connection, i, std::to_string(i));
    connection.each(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) SELECT i FROM n", {},
        [&](const Row& row) { append_twin(connection, 0, "v" + std::to_string(row.integer(0))); });
    CHECK(twins(connection) == 4000);
    connection.commit();
    CHECK(connection.integrity_problems().empty());
  }
}

}  // namespace
}  // namespace crm
