// Texts that a bulk load indexes beside the rows: the index must be what FTS5 itself would have made, which
// its own check tells.
#include <doctest/doctest.h>

#include <string>

#include "records/session_state.h"
#include "unit/random.h"
#include "unit/scratch_database.h"

namespace crm {
namespace {

constexpr std::int64_t kMany = 7000;  // more than are indexed one by one

std::string text_of(std::int64_t key, Random& random) {
  static const char* const kWords[] = {"王", "芳", "科", "技", "shanghai", "beijing", "x1", "été", "ß", "ǆ"};
  std::string text = "key" + std::to_string(key);
  for (unsigned i = random.below(20); i > 0; --i)
    text += std::string(" ") + kWords[random.below(std::size(kWords))];
  if (key % 1000 == 0) text += ' ' + std::string(40000, 'w');
  if (key % 2500 == 1) {
    for (int i = 0; i < 20000; ++i) text += " again";
  }
  return text;
}

void load(Connection& connection, std::int64_t from, std::int64_t to) {
  Random random(static_cast<std::uint64_t>(from));
  for (std::int64_t key = from; key < to; ++key) connection.index_text(key, text_of(key, random), false);
}

void check_index(Connection& connection) {
  CHECK_NOTHROW(connection.execute("INSERT INTO search_index (search_index) VALUES ('integrity-check')", {}));
}

std::int64_t hits(Connection& connection, const std::string& words) {
  const Param params[] = {words};
  return connection.query_integer("SELECT count(*) FROM search_index WHERE search_index MATCH $1", params)
      .value_or(0);
}

TEST_SUITE("store/search_loader") {
  TEST_CASE("a bulk load leaves the index that single writes would have") {
    const ScratchDatabase database;
    const auto session = database.open();
    Connection& connection = *session->state().connection;
    connection.prepare_bulk_load();
    const std::int64_t before = hits(connection, "key*");

    connection.begin(AccessMode::write);
    load(connection, 1'000'000, 1'000'000 + 3 * kMany);
    connection.commit();
    check_index(connection);
    CHECK(hits(connection, "key*") == before + 3 * kMany);
    CHECK(hits(connection, "key1000000") == 1);

    // Onto an index that has something, twice, with single writes between.
    for (const std::int64_t from : {2'000'000, 3'000'000}) {
      connection.begin(AccessMode::write);
      load(connection, from, from + kMany);
      connection.commit();
      check_index(connection);
      connection.begin(AccessMode::write);
      connection.index_text(from, "another", true);
      connection.index_text(from + 1, std::nullopt, true);
      connection.commit();
      check_index(connection);
    }
    CHECK(hits(connection, "another") == 2);
    CHECK(hits(connection, "key2000001") == 0);
    CHECK(hits(connection, "key*") == before + 5 * kMany - 4);
  }

  TEST_CASE("a search, a change and a savepoint within the load find what was loaded") {
    const ScratchDatabase database;
    const auto session = database.open();
    Connection& connection = *session->state().connection;
    connection.prepare_bulk_load();
    connection.begin(AccessMode::write);
    load(connection, 1'000'000, 1'000'000 + kMany);
    CHECK(hits(connection, "key1006999") == 1);
    load(connection, 2'000'000, 2'000'000 + kMany);
    connection.index_text(2'006'999, "another", true);
    CHECK(hits(connection, "another") == 1);
    CHECK(hits(connection, "key2006999") == 0);
    load(connection, 3'000'000, 3'000'000 + kMany);
    connection.savepoint();
    load(connection, 4'000'000, 4'000'000 + kMany);
    connection.rollback_to_savepoint();
    load(connection, 5'000'000, 5'000'000 + kMany);
    connection.commit();
    check_index(connection);
    CHECK(hits(connection, "key3006999") == 1);
    CHECK(hits(connection, "key4006999") == 0);
    CHECK(hits(connection, "key5006999") == 1);
  }

  TEST_CASE("texts that change within the load are found as they are in the end") {
    const ScratchDatabase database;
    const auto session = database.open();
    Connection& connection = *session->state().connection;
    connection.prepare_bulk_load();
    connection.begin(AccessMode::write);
    const std::int64_t first = 1'000'000;
    load(connection, first, first + kMany);
    connection.index_text(first, "early bird", true);           // before there was a loader
    connection.index_text(first + kMany - 1, "changed", true);  // in it
    connection.index_text(first + kMany - 1, "changed twice", true);
    connection.index_text(first + kMany - 2, std::nullopt, true);  // gone
    connection.index_text(first + kMany - 3, std::nullopt, true);  // gone and come again
    connection.index_text(first + kMany - 3, "restored", false);
    connection.commit();
    check_index(connection);
    CHECK(hits(connection, "bird") == 1);
    CHECK(hits(connection, "changed") == 1);
    CHECK(hits(connection, "twice") == 1);
    CHECK(hits(connection, "restored") == 1);
    CHECK(hits(connection, "key*") == kMany - 4);
  }

  TEST_CASE("texts that go in a bulk load, few of them or most") {
    const ScratchDatabase database;
    const auto session = database.open();
    Connection& connection = *session->state().connection;
    connection.prepare_bulk_load();
    const std::int64_t first = 1'000'000;
    connection.begin(AccessMode::write);
    load(connection, first, first + 2 * kMany);
    connection.commit();
    std::int64_t left = 2 * kMany;
    for (const std::int64_t count : {std::int64_t{100}, std::int64_t{6000}, kMany}) {
      connection.begin(AccessMode::write);
      for (std::int64_t i = 0; i < count; ++i) connection.index_text(first + --left, std::nullopt, true);
      connection.index_text(first + left, "come again", false);
      CHECK(hits(connection, "key*") == left);
      CHECK(hits(connection, "come") == 1);
      connection.index_text(first + left, std::nullopt, true);
      connection.commit();
      check_index(connection);
      CHECK(hits(connection, "key*") == left);
      CHECK(hits(connection, "come") == 0);
    }
  }

  TEST_CASE("texts that change while most others go, as an undo makes them") {
    const ScratchDatabase database;
    const auto session = database.open();
    Connection& connection = *session->state().connection;
    connection.prepare_bulk_load();
    constexpr std::int64_t kFirst = 1'000'000;
    connection.begin(AccessMode::write);
    load(connection, kFirst, kFirst + kMany);
    connection.commit();

    connection.begin(AccessMode::write);
    for (std::int64_t key = kFirst + kMany - 1; key >= kFirst; --key) {
      if (key % 10 != 0) {
        if (key % 7 == 0) connection.index_text(key, "between", true);
        connection.index_text(key, std::nullopt, true);
      } else {
        connection.index_text(key, "former", true);
      }
    }
    connection.commit();
    check_index(connection);
    CHECK(hits(connection, "former") == kMany / 10);
    CHECK(hits(connection, "between") == 0);
    CHECK(hits(connection, "key1000001") == 0);
  }

  TEST_CASE("nothing is left of a load that is rolled back") {
    const ScratchDatabase database;
    const auto session = database.open();
    Connection& connection = *session->state().connection;
    connection.prepare_bulk_load();
    for (int round = 0; round < 2; ++round) {
      connection.begin(AccessMode::write);
      connection.suspend_indexes("lead");
      load(connection, 1'000'000, 1'000'000 + 2 * kMany);
      if (round == 1) connection.finish_bulk_load();
      connection.rollback();
      check_index(connection);
      CHECK(hits(connection, "key*") == 0);
    }
    connection.begin(AccessMode::write);
    load(connection, 1'000'000, 1'000'000 + kMany);
    connection.commit();
    check_index(connection);
    CHECK(hits(connection, "key1000000") == 1);
    CHECK(connection.integrity_problems().empty());
  }
}

}  // namespace
}  // namespace crm
