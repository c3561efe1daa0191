// Rows that wait in a load of many: whoever asks finds them, in their order, and nothing is left of those
// that are taken back.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "records/new_refs.h"
#include "records/session_state.h"
#include "unit/scratch_database.h"

namespace crm {
namespace {

constexpr std::int64_t kContact = 4;

void append_ref(Connection& connection, std::int64_t record, const std::string& key) {
  const Param params[] = {kContact, "waiting", key, record};
  connection.append("INSERT INTO external_ref (kind, source, key, record) VALUES ($1, $2, $3, $4)", params);
}

void append_event(Connection& connection, std::int64_t record, const std::string* old) {
  const Param params[] = {1, kContact, record, 1, Blob{"digest"}, old == nullptr ? Param() : Param(*old)};
  connection.append(
      "INSERT INTO event (change, kind, record, action, row_digest, old) VALUES ($1, $2, $3, $4, $5, $6)",
      params);
}

void append_named(Connection& connection, const std::string& table, std::int64_t id) {
  const Param params[] = {"n", 1, 1, id};
  connection.append(
      "INSERT INTO \"" + table + "\" (name, created_at, updated_at, id) VALUES ($1, $2, $3, $4)", params);
}

std::int64_t refs(Connection& connection) {
  return connection.query_integer("SELECT count(*) FROM external_ref WHERE source = 'waiting'").value_or(-1);
}

struct Load {
  ScratchDatabase database;
  std::unique_ptr<Session> session = database.open();
  Connection& connection = *session->state().connection;

  Load() {
    connection.prepare_bulk_load();
    connection.begin(AccessMode::write);
  }
};

TEST_SUITE("store/waiting_rows") {
  TEST_CASE("a statement that names the table finds each row, whatever their number") {
    Load load;
    std::int64_t written = 0;
    for (const int more : {1, 7, 8, 31, 33, 127, 128, 129, 1000}) {
      for (int i = 0; i < more; ++i, ++written) append_ref(load.connection, written, std::to_string(written));
      CHECK(refs(load.connection) == written);
    }
    load.connection.commit();
    CHECK(refs(load.connection) == written);
    CHECK(load.connection.query_integer("SELECT sum(record) FROM external_ref WHERE source = 'waiting' AND "
                                        "key = CAST(record AS TEXT)") == written * (written - 1) / 2);
  }

  TEST_CASE("values are the row's own: absent ones, long ones, and those of rows behind them") {
    Load load;
    const std::int64_t first = load.connection.query_integer("SELECT max(id) FROM event").value_or(0) + 1;
    std::vector<std::string> olds;
    for (std::size_t i = 0; i < 200; ++i)
      olds.push_back(std::string(i % 50 == 49 ? 200'000 : i * 7, static_cast<char>('a' + i % 26)));
    for (std::size_t i = 0; i < olds.size(); ++i)
      append_event(load.connection, static_cast<std::int64_t>(i), i % 3 == 0 ? nullptr : &olds[i]);
    const Param params[] = {first};
    std::size_t seen = 0;
    load.connection.each("SELECT record, old FROM event WHERE id >= $1 ORDER BY id", params,
                         [&](const Row& row) {
                           REQUIRE(row.integer(0) == static_cast<std::int64_t>(seen));
                           CHECK(row.is_null(1) == (seen % 3 == 0));
                           if (seen % 3 != 0) CHECK(row.text(1) == olds[seen]);
                           ++seen;
                         });
    CHECK(seen == olds.size());
  }

  TEST_CASE("a record is written before those that refer to it") {
    Load load;
    for (std::int64_t id = 1001; id <= 1300; ++id) {
      append_named(load.connection, "customer", id);
      const Param params[] = {"n", id, 1, 1, id};
      load.connection.append(
          "INSERT INTO \"contact\" (name, customer, created_at, updated_at, id) VALUES ($1, $2, $3, $4, $5)",
          params);
    }
    CHECK_NOTHROW(load.connection.commit());
    CHECK(load.connection.query_integer("SELECT count(*) FROM contact WHERE id > 1000") == 300);
  }

  TEST_CASE("a row of another form does not push out those that wait") {
    Load load;
    for (std::int64_t id = 1001; id <= 1100; ++id) {
      append_named(load.connection, "customer", id);
      const Param params[] = {"n", "c", 1, 1, id + 1000};
      load.connection.append(
          "INSERT INTO \"customer\" (name, company, created_at, updated_at, id) VALUES ($1, $2, $3, $4, $5)",
          params);
    }
    CHECK(load.connection.query_integer("SELECT count(*) FROM customer WHERE id > 1000") == 200);
    CHECK(load.connection.query_integer("SELECT count(*) FROM customer WHERE id > 1000 AND company = 'c'") ==
          100);
  }

  TEST_CASE("rows of tables for which none wait are there at once") {
    Load load;
    append_named(load.connection, "team", 77);
    CHECK(load.connection.exists("SELECT 1 FROM team WHERE id = 77"));
  }

  TEST_CASE("nothing is left of what is taken back") {
    Load load;
    append_ref(load.connection, 1, "kept");
    load.connection.savepoint();
    append_ref(load.connection, 2, "taken back");
    load.connection.rollback_to_savepoint();
    CHECK(refs(load.connection) == 1);
    append_ref(load.connection, 3, "rolled back");
    load.connection.rollback();
    CHECK(refs(load.connection) == 0);
    load.connection.begin(AccessMode::write);
    append_ref(load.connection, 4, "new");
    load.connection.commit();
    CHECK(refs(load.connection) == 1);
  }
}

TEST_SUITE("records/new_refs") {
  TEST_CASE("what was noted or in the database is known, and hardly anything else") {
    Load load;
    append_ref(load.connection, 1, "former");
    NewRefs refs(load.connection);
    CHECK(refs.may_be_known(Kind::contact, "waiting", "former"));
    CHECK(!refs.may_be_known(Kind::lead, "waiting", "former"));
    constexpr int kNoted = 1'000'000;
    int wrong = 0;
    for (int i = 0; i < kNoted; ++i) {
      wrong += refs.note(Kind::lead, "erp", std::to_string(i)) ? 1 : 0;
    }
    CHECK(wrong <= 5);
    CHECK(refs.is_sharp());
    bool all = true;
    for (int i = 0; i < kNoted; ++i) all = all && refs.may_be_known(Kind::lead, "erp", std::to_string(i));
    CHECK(all);
  }
}

}  // namespace
}  // namespace crm
