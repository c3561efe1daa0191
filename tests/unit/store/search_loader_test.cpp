// Texts that a bulk load indexes beside the rows: the index must be what FTS5 itself would have made, which
// its own check tells.
#include <doctest/doctest.h>

#include <string>

#include "records/session_state.h"
#include "unit/random.h"
#include "unit/scratch_database.h"
#include "unit/store/words.h"

namespace crm {
namespace {

constexpr std::int64_t kMany = 7000;  // more than are indexed one by one

std::string text_of(std::int64_t key) {
  Random random(static_cast<std::uint64_t>(key));
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
  for (std::int64_t key = from; key < to; ++key) index_new_text(connection, key, text_of(key));
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
      connection.reindex(from, text_of(from), "another");
      connection.reindex(from + 1, text_of(from + 1), "");
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
    connection.reindex(2'006'999, text_of(2'006'999), "another");
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
    connection.reindex(first, text_of(first), "early bird");  // written before there was a loader
    const std::int64_t last = first + kMany - 1;
    connection.reindex(last, text_of(last), "changed");  // in it
    connection.reindex(last, "changed", "changed twice");
    connection.reindex(last - 1, text_of(last - 1), "");  // gone
    connection.reindex(last - 2, text_of(last - 2), "");  // gone and come again
    index_new_text(connection, last - 2, "restored");
    connection.commit();
    check_index(connection);
    CHECK(hits(connection, "bird") == 1);
    CHECK(hits(connection, "changed") == 1);
    CHECK(hits(connection, "twice") == 1);
    CHECK(hits(connection, "restored") == 1);
    CHECK(hits(connection, "key*") == kMany - 4);
  }

  TEST_CASE("texts that go in a bulk load, the newest first") {
    const ScratchDatabase database;
    const auto session = database.open();
    Connection& connection = *session->state().connection;
    connection.prepare_bulk_load();
    const std::int64_t first = 1'000'000;
    connection.begin(AccessMode::write);
    load(connection, first, first + kMany);
    connection.commit();
    std::int64_t left = kMany;
    for (const std::int64_t count : {std::int64_t{100}, std::int64_t{3000}}) {
      connection.begin(AccessMode::write);
      for (std::int64_t i = 0; i < count; ++i) {
        --left;
        connection.reindex(first + left, text_of(first + left), "");
      }
      index_new_text(connection, first + left, "come again");
      CHECK(hits(connection, "key*") == left);
      CHECK(hits(connection, "come") == 1);
      connection.reindex(first + left, "come again", "");
      connection.commit();
      check_index(connection);
      CHECK(hits(connection, "key*") == left);
      CHECK(hits(connection, "come") == 0);
    }
  }

  TEST_CASE("an index that is emptied takes nothing until it is filled") {
    const ScratchDatabase database;
    const auto session = database.open();
    Connection& connection = *session->state().connection;
    connection.prepare_bulk_load();
    connection.begin(AccessMode::write);
    load(connection, 1'000'000, 1'000'000 + kMany);
    connection.commit();

    connection.begin(AccessMode::write);
    connection.empty_index();
    connection.reindex(1'000'000, text_of(1'000'000), "between");
    index_new_text(connection, 5'000'000, "between");
    connection.rollback();
    check_index(connection);
    CHECK(hits(connection, "key*") == kMany);

    connection.begin(AccessMode::write);
    connection.empty_index();
    connection.reindex(1'000'000, text_of(1'000'000), "between");
    CHECK(hits(connection, "between") == 0);
    connection.fill_index();
    load(connection, 2'000'000, 2'000'000 + kMany);
    connection.commit();
    check_index(connection);
    CHECK(hits(connection, "key*") == kMany);
    CHECK(hits(connection, "key1000000") == 0);
    CHECK(hits(connection, "key2000000") == 1);
  }

  TEST_CASE("keys in any order") {
    const ScratchDatabase database;
    const auto session = database.open();
    Connection& connection = *session->state().connection;
    connection.prepare_bulk_load();
    connection.begin(AccessMode::write);
    for (std::int64_t i = 0; i < 2 * kMany; ++i) {
      const std::int64_t key = 1'000'000 + i * 7919 % (2 * kMany);
      index_new_text(connection, key, text_of(key));
    }
    connection.commit();
    check_index(connection);
    CHECK(hits(connection, "key*") == 2 * kMany);
    CHECK(hits(connection, "key1000001") == 1);
  }

  TEST_CASE("nothing is left of a load that is rolled back") {
    const ScratchDatabase database;
    const auto session = database.open();
    Connection& connection = *session->state().connection;
    connection.prepare_bulk_load();
    for (int round = 0; round < 2; ++round) {
      connection.begin(AccessMode::write);
      connection.suspend_indexes("lead", {});
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
