// Texts wait before they are indexed: whatever is searched, kept and taken back between, the index is what
// one that had them at once would be.
#include <doctest/doctest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "records/session_state.h"
#include "unit/random.h"
#include "unit/scratch_database.h"
#include "unit/store/words.h"

namespace crm {
namespace {

constexpr std::int64_t kFirstKey = 5'000'000;
constexpr std::int64_t kKeys = 40;

std::set<std::int64_t> searched(Connection& connection, const std::string& word) {
  std::set<std::int64_t> keys;
  const Param params[] = {word, kFirstKey};
  connection.each("SELECT rowid FROM search_index WHERE search_index MATCH $1 AND rowid >= $2", params,
                  [&](const Row& row) { keys.insert(row.integer(0)); });
  return keys;
}

std::set<std::int64_t> found(Connection& connection, const std::string& word) {
  std::set<std::int64_t> keys;
  const auto has_word = [&](std::string_view text) { return text == word; };
  connection.find_texts({word, has_word, kFirstKey, kFirstKey + kKeys, 1000, {{word}}},
                        [&](std::int64_t key) { CHECK_MESSAGE(keys.insert(key).second, key << " twice"); });
  return keys;
}

using Texts = std::map<std::int64_t, std::string>;

std::set<std::int64_t> keys_of(const Texts& texts, const std::string& word) {
  std::set<std::int64_t> keys;
  for (const auto& [key, text] : texts) {
    if (text == word) keys.insert(key);
  }
  return keys;
}

TEST_SUITE("store/search_index") {
  TEST_CASE("random writes, savepoints, searches and rollbacks") {
    static const char* const kWords[] = {"alpha", "beta", "gamma"};
    const ScratchDatabase database;
    const auto session = database.open();
    Connection& connection = *session->state().connection;
    Texts kept;  // what the committed transactions left
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
      Random random(seed);
      std::vector<Texts> levels{kept};  // as each savepoint found them, and as they are
      connection.begin(AccessMode::write);
      for (int step = 0; step < 200; ++step) {
        Texts& now = levels.back();
        const std::int64_t key = kFirstKey + random.below(kKeys);
        const std::string word = kWords[random.below(3)];
        switch (random.below(12)) {
          case 0:
            if (levels.size() > 4) break;
            levels.push_back(Texts(now));
            connection.savepoint();
            break;
          case 1:
            if (levels.size() == 1) break;
            connection.release_savepoint();
            levels[levels.size() - 2] = now;
            levels.pop_back();
            break;
          case 2:
            if (levels.size() == 1) break;
            connection.rollback_to_savepoint();
            levels.pop_back();
            break;
          case 3:
            CHECK(searched(connection, word) == keys_of(now, word));
            break;
          case 4:
            CHECK(found(connection, word) == keys_of(now, word));
            break;
          case 5:
            connection.reindex(key, now[key], "");
            now.erase(key);
            break;
          case 6:
            if (now.count(key) > 0) break;
            index_new_text(connection, key, word);
            now[key] = word;
            break;
          default:
            connection.reindex(key, now[key], word);
            now[key] = word;
        }
      }
      while (levels.size() > 1) {
        connection.release_savepoint();
        levels[levels.size() - 2] = levels.back();
        levels.pop_back();
      }
      if (random.below(4) == 0) {
        connection.rollback();
      } else {
        connection.commit();
        kept = levels.back();
      }
      for (const char* const word : kWords) CHECK(searched(connection, word) == keys_of(kept, word));
      CHECK_NOTHROW(
          connection.execute("INSERT INTO search_index (search_index) VALUES ('integrity-check')", {}));
    }
  }

  TEST_CASE("of many words, some that nobody has: what is taken back or written elsewhere counts too") {
    const ScratchDatabase database;
    const auto session = database.open();
    const auto elsewhere = database.open();
    Texts kept;
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
      Random random(seed);
      Connection& connection = *(random.below(8) == 0 ? elsewhere : session)->state().connection;
      Texts now = kept;
      connection.begin(AccessMode::write);
      for (int step = 0; step < 20; ++step) {
        const Texts before = now;
        const std::int64_t key = kFirstKey + random.below(kKeys);
        connection.savepoint();
        // Of a transaction that takes none out, and one that does.
        if (seed % 3 != 0 || random.below(2) == 0) {
          const std::string word = "Word" + std::to_string(random.below(300));
          if (now.count(key) == 0) {
            index_new_text(connection, key, word);
            now[key] = word;
          } else if (seed % 3 == 0) {
            connection.reindex(key, now[key], word);
            now[key] = word;
          }
        } else if (now.count(key) > 0) {
          connection.reindex(key, now[key], "");
          now.erase(key);
        }
        for (int search = 0; search < 10; ++search) {
          const std::string word =
              search == 0 && !now.empty() ? now.begin()->second : "Word" + std::to_string(random.below(300));
          CHECK(found(connection, word) == keys_of(now, word));
        }
        if (random.below(4) == 0) {
          connection.rollback_to_savepoint();
          now = before;
        } else {
          connection.release_savepoint();
        }
      }
      if (random.below(4) == 0) {
        connection.rollback();
      } else {
        connection.commit();
        kept = now;
      }
    }
    CHECK(kept.size() > 5);
  }

  TEST_CASE("many writes with a savepoint each, as a batch makes them, are searched at once") {
    const ScratchDatabase database;
    const auto session = database.open();
    Connection& connection = *session->state().connection;
    connection.begin(AccessMode::write);
    for (std::int64_t i = 0; i < 500; ++i) {
      connection.begin(AccessMode::write);
      index_new_text(connection, kFirstKey + i, i % 2 == 0 ? "even" : "odd");
      if (i % 10 == 9) {
        connection.rollback();
      } else {
        connection.commit();
      }
    }
    CHECK(searched(connection, "even").size() == 250);
    CHECK(searched(connection, "odd").size() == 200);
    connection.commit();
    CHECK(searched(connection, "odd").size() == 200);
  }
}

}  // namespace
}  // namespace crm
