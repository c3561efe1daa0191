// The segment that is built of many texts, against the one that FTS5 makes of the same: page by page.
#include "store/sqlite/segment_builder.h"

#include <doctest/doctest.h>
#include <sqlite3.h>

#include <iterator>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "store/sqlite/search_segments.h"
#include "store/sqlite/varint.h"
#include "unit/random.h"

namespace crm {
namespace {

using Texts = std::map<std::int64_t, std::string>;
using Pages = std::vector<std::pair<std::int64_t, std::string>>;

class MemoryDatabase {
 public:
  MemoryDatabase() { REQUIRE(sqlite3_open(":memory:", &handle_) == SQLITE_OK); }
  ~MemoryDatabase() { sqlite3_close(handle_); }
  MemoryDatabase(const MemoryDatabase&) = delete;
  MemoryDatabase& operator=(const MemoryDatabase&) = delete;
  sqlite3* handle() const { return handle_; }

  Pages rows(const std::string& sql) const {
    Pages rows;
    LoaderStatement select(handle_, sql);
    while (select.step()) rows.emplace_back(select.integer(0), std::string(select.bytes(1)));
    return rows;
  }

 private:
  sqlite3* handle_ = nullptr;
};

// What FTS5 makes of the texts when it merges two segments into one.
struct Rival {
  explicit Rival(const Texts& texts) {
    run_script(
        database.handle(),
        "CREATE VIRTUAL TABLE search_index USING fts5(text, tokenize = 'ascii', columnsize = 0, "
        "content = '');"
        "INSERT INTO search_index (search_index, rank) VALUES ('hashsize', 100000000), ('automerge', 0);"
        "BEGIN");
    LoaderStatement insert(database.handle(), "INSERT INTO search_index (rowid, text) VALUES (?1, ?2)");
    for (auto text = texts.begin(); text != texts.end(); ++text) {
      if (text == std::prev(texts.end())) run_script(database.handle(), "COMMIT; BEGIN");
      insert.bind(1, text->first);
      insert.bind_text(2, text->second);
      insert.step();
    }
    run_script(database.handle(), "COMMIT; INSERT INTO search_index (search_index) VALUES ('optimize')");
  }
  MemoryDatabase database;
};

constexpr std::size_t kMemory = 7'000'000;
constexpr const char* kSegmentPages =
    "SELECT id & ((1 << 37) - 1), block FROM search_index_data WHERE id > 10 ORDER BY id";

void check_same(const Texts& texts, const std::vector<std::int64_t>& order) {
  const Rival rival(texts);
  MemoryDatabase side;
  sqlite3* const sides[] = {side.handle()};
  SegmentBuilder builder(sides, kMemory);
  for (const std::int64_t key : order) builder.add(key, texts.at(key));
  builder.end();
  REQUIRE(builder.merge_next() != nullptr);
  REQUIRE(builder.merge_next() == nullptr);
  const Pages pages = side.rows("SELECT id, block FROM page ORDER BY id");
  const Pages expected = rival.database.rows(kSegmentPages);
  REQUIRE(pages.size() == expected.size());
  for (std::size_t i = 0; i < pages.size(); ++i) {
    CHECK(pages[i].first == expected[i].first);
    CHECK_MESSAGE(pages[i].second == expected[i].second, "page " << pages[i].first);
  }
  CHECK(side.rows("SELECT page, term FROM beginning ORDER BY rowid") ==
        rival.database.rows("SELECT pgno, term FROM search_index_idx ORDER BY term"));
  std::string totals;
  append_varint(totals, builder.text_count());
  append_varint(totals, builder.word_count());
  CHECK(totals == rival.database.rows("SELECT id, block FROM search_index_data WHERE id = 1").at(0).second);
}

// As check_same(), where the texts are first those of `former`, and are replaced, some of them twice.
void check_replaced(const Texts& former, const Texts& texts, std::size_t memory) {
  const Rival rival(texts);
  MemoryDatabase side;
  sqlite3* const sides[] = {side.handle()};
  SegmentBuilder builder(sides, memory);
  for (const auto& [key, text] : former) {
    if (!text.empty()) builder.add(key, text);
  }
  for (const auto& [key, text] : former) {
    const auto last = texts.find(key);
    const std::string now = last == texts.end() ? std::string() : last->second;
    if (now == text) continue;
    const bool twice = key % 3 == 0;
    if (twice) builder.replace(key, text, "for a moment " + text);
    builder.replace(key, twice ? "for a moment " + text : text, now);
  }
  builder.end();
  REQUIRE(builder.merge_next() != nullptr);
  REQUIRE(builder.merge_next() == nullptr);
  CHECK(side.rows("SELECT id, block FROM page ORDER BY id") == rival.database.rows(kSegmentPages));
  std::string totals;
  append_varint(totals, builder.text_count());
  append_varint(totals, builder.word_count());
  CHECK(totals == rival.database.rows("SELECT id, block FROM search_index_data WHERE id = 1").at(0).second);
}

constexpr const char* kTable =
    "CREATE VIRTUAL TABLE search_index USING fts5(text, tokenize = 'ascii', columnsize = 0, content = '');"
    "CREATE VIRTUAL TABLE word USING fts5vocab(search_index, instance)";

// Which text has which word where, as FTS5 reads it.
Pages instances(const MemoryDatabase& database) {
  return database.rows("SELECT doc, term || ' ' || offset FROM word ORDER BY term, doc, offset");
}

// Parts of the words that are merged apart, some of them by other threads, are one index.
void check_parts(const Texts& former, const Texts& texts, std::size_t memory, std::size_t count) {
  Rival rival(texts);
  run_script(rival.database.handle(), "CREATE VIRTUAL TABLE word USING fts5vocab(search_index, instance)");
  std::vector<MemoryDatabase> sides(count);
  std::vector<sqlite3*> handles;
  for (const MemoryDatabase& side : sides) handles.push_back(side.handle());
  SegmentBuilder builder(handles, memory);
  for (const auto& [key, text] : former) builder.add(key, text);
  for (const auto& [key, text] : texts) {
    if (former.at(key) != text) builder.replace(key, former.at(key), text);
  }
  builder.end();
  std::vector<const SegmentPart*> parts;
  std::mutex mutex;
  const auto merge = [&] {
    while (const SegmentPart* const part = builder.merge_next()) {
      const std::lock_guard lock(mutex);
      parts.push_back(part);
    }
  };
  std::thread other(merge);
  merge();
  other.join();
  CHECK(parts.size() == count);
  MemoryDatabase into;
  run_script(into.handle(), std::string(kTable) + "; BEGIN");
  sqlite3_db_config(into.handle(), SQLITE_DBCONFIG_DEFENSIVE, 0, nullptr);
  AdoptedSegments segments(into.handle());
  CHECK(segments.are_most());
  for (const SegmentPart* const part : parts) segments.add(*part);
  segments.finish(builder);
  run_script(into.handle(), "COMMIT; INSERT INTO search_index (search_index) VALUES ('integrity-check')");
  const bool same = instances(into) == instances(rival.database);
  CHECK(same);
  // FTS5 takes them for segments of its own.
  run_script(into.handle(), "INSERT INTO search_index (search_index) VALUES ('optimize')");
  CHECK(into.rows(kSegmentPages) == rival.database.rows(kSegmentPages));
}

std::vector<std::int64_t> keys_of(const Texts& texts) {
  std::vector<std::int64_t> keys;
  for (const auto& [key, text] : texts) keys.push_back(key);
  return keys;
}

std::string random_text(Random& random, unsigned words, unsigned most_different) {
  std::string text;
  for (unsigned i = 0; i < words; ++i) {
    // Few of many words come often.
    const unsigned word = random.below(random.below(random.below(most_different) + 1) + 1);
    text += (i % 7 == 0 ? ", " : " ") + std::string(word % 5 == 0 ? "Wo" : "王") + std::to_string(word);
  }
  return text;
}

TEST_SUITE("store/segment_builder") {
  TEST_CASE("numbers as SQLite writes them") {
    for (int shift = 0; shift < 64; ++shift) {
      for (const std::uint64_t number :
           {std::uint64_t{1} << shift, (std::uint64_t{1} << shift) - 1, ~std::uint64_t{0} >> shift}) {
        std::string bytes;
        append_varint(bytes, number);
        CHECK(bytes.size() == varint_size(number));
        bytes += 'x';
        std::string_view rest = bytes;
        std::uint64_t back = 0;
        REQUIRE(take_varint(rest, back));
        CHECK(back == number);
        CHECK(rest == "x");
      }
    }
    std::string_view cut = "\x81\x81";
    std::uint64_t number = 0;
    CHECK_FALSE(take_varint(cut, number));
  }

  TEST_CASE("few texts, and words of every length") {
    check_same({{7, "one two one"}, {9, "two"}}, {7, 9});
    Texts texts;
    for (std::int64_t key = 1; key < 60; ++key)
      texts[key * 1000] = std::string(static_cast<std::size_t>(key * 97 % 5000), 'w') + ' ' +
                          std::to_string(key) + " a.b-c@d Ä " +
                          std::string(static_cast<std::size_t>(key), 'Z');
    texts[70'000] = std::string(40'000, 'y') + " end";
    check_same(texts, keys_of(texts));
  }

  TEST_CASE("doclists and lists of places over many pages") {
    Random random(3);
    Texts texts;
    for (std::int64_t key = 1; key < 40'000; ++key)
      texts[(std::int64_t{3} << 48) + key * 3] = key % 2 == 0 ? "common" : "common x" + std::to_string(key);
    std::string long_text = "start";
    for (int i = 0; i < 30'000; ++i) long_text += " again" + std::string(i % 100 == 0 ? " z" : "");
    texts[(std::int64_t{3} << 48) + 500] = long_text;
    check_same(texts, keys_of(texts));
  }

  TEST_CASE("random texts") {
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
      Random random(seed);
      Texts texts;
      std::int64_t key = static_cast<std::int64_t>(random.below(1000));
      for (unsigned i = 2 + random.below(3000); i > 0; --i) {
        key += 1 + random.below(seed % 3 == 0 ? 100'000 : 3);
        texts[key] = random_text(random, 1 + random.below(seed % 4 == 0 ? 200 : 30), 20'000);
      }
      std::vector<std::int64_t> order = keys_of(texts);
      CAPTURE(seed);
      check_same(texts, order);
      for (std::size_t i = order.size(); i > 1; --i)
        std::swap(order[i - 1], order[random.below(static_cast<unsigned>(i))]);
      check_same(texts, order);
    }
  }

  TEST_CASE("texts that are replaced, taken out, or had no words") {
    Random random(21);
    for (const std::size_t memory : {std::size_t{20'000}, kMemory}) {
      Texts former, texts;
      for (std::int64_t key = 1; key <= 4000; ++key) {
        const bool changes = random.below(10) == 0;
        former[key] = random.below(50) == 0 ? std::string() : random_text(random, 1 + random.below(20), 500);
        if (!changes && former[key].empty()) continue;
        if (!changes) {
          texts[key] = former[key];
        } else if (random.below(3) != 0) {
          texts[key] = random_text(random, 1 + random.below(30), 600);
        }
      }
      // A word that no text has any more.
      former[17] = "vanished";
      texts[17] = "in its place";
      check_replaced(former, texts, memory);
    }
  }

  TEST_CASE("parts of the words") {
    Random random(22);
    for (const std::size_t memory : {std::size_t{60'000}, std::size_t{400'000}, kMemory}) {
      Texts former, texts;
      for (std::int64_t key = 1; key <= 3000; ++key) {
        former[key] = random_text(random, 1 + random.below(20), 5000);
        texts[key] = random.one_in(20) ? random_text(random, 1 + random.below(30), 6000) : former[key];
      }
      for (const std::size_t count : {1U, 3U, 8U}) check_parts(former, texts, memory, count);
    }
    // One word, and fewer words than parts.
    check_parts({{1, "a"}, {2, "a"}}, {{1, "a"}, {2, "a"}}, 1, 3);
    check_parts({{1, "a b"}, {2, "a"}}, {{1, "a b"}, {2, "a"}}, 1, 3);
  }

  TEST_CASE("more texts than are kept in memory at once, in order and not") {
    // Words that stand alone take most of it, and few of a page: FTS5 would merge more than 1,000 pages in
    // parts.
    Texts texts;
    for (std::int64_t key = 1; key <= 36'000; ++key) {
      texts[key * 5] = "all";
      for (std::int64_t i = 0; i < 7; ++i) texts[key * 5] += ' ' + std::to_string((key + i * 36'000) * 7919);
    }
    std::vector<std::int64_t> order = keys_of(texts);
    check_same(texts, order);
    std::swap(order.front(), order.back());
    check_same(texts, order);
  }
}

}  // namespace
}  // namespace crm
