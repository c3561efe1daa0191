// SQLite over a log that is written in long pieces: what others see, what a full disk leaves, and the same
// databases as without.
#include "store/sqlite/joined_files.h"

#include <doctest/doctest.h>
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "unit/random.h"

namespace crm {
namespace {

// What happens to the files of a sort that are opened through it.
struct Watched {
  std::vector<int> calls;   // how long each write was; 0 for a sync
  sqlite3_int64 room = -1;  // how many bytes can still be written, if not any number; part of a write fits
  bool sync_fails = false;
  const sqlite3_io_methods* below = nullptr;

  void clear() {
    calls.clear();
    room = -1;
    sync_fails = false;
  }
};
Watched watched;  // logs
Watched databases;

template <Watched& kWatched>
int write_watched(sqlite3_file* file, const void* bytes, int amount, sqlite3_int64 offset) {
  kWatched.calls.push_back(amount);
  if (kWatched.room < 0) return kWatched.below->xWrite(file, bytes, amount, offset);
  const int fits = static_cast<int>(std::min<sqlite3_int64>(amount, kWatched.room));
  kWatched.room -= fits;
  const int code = fits > 0 ? kWatched.below->xWrite(file, bytes, fits, offset) : SQLITE_OK;
  return code == SQLITE_OK && fits < amount ? SQLITE_FULL : code;
}
template <Watched& kWatched>
int sync_watched(sqlite3_file* file, int flags) {
  kWatched.calls.push_back(0);
  return kWatched.sync_fails ? SQLITE_IOERR_FSYNC : kWatched.below->xSync(file, flags);
}
template <Watched& kWatched>
void watch(sqlite3_file* file) {
  static sqlite3_io_methods methods;
  kWatched.below = file->pMethods;
  methods = *kWatched.below;
  methods.xWrite = write_watched<kWatched>;
  methods.xSync = sync_watched<kWatched>;
  file->pMethods = &methods;
}
int open_watched(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* opened) {
  sqlite3_vfs* files = sqlite3_vfs_find(nullptr);
  const int code = files->xOpen(files, name, file, flags, opened);
  if (code != SQLITE_OK) return code;
  if ((flags & SQLITE_OPEN_WAL) != 0) watch<watched>(file);
  if ((flags & SQLITE_OPEN_MAIN_DB) != 0) watch<databases>(file);
  return code;
}

const char* watched_joined_files() {
  static sqlite3_vfs below = [] {
    sqlite3_vfs files = *sqlite3_vfs_find(nullptr);
    files.xOpen = open_watched;
    return files;
  }();
  static sqlite3_vfs joined = joined_files_over(below, "joined-over-watched");
  static const int registered = sqlite3_vfs_register(&joined, 0);
  REQUIRE(registered == SQLITE_OK);
  watched.clear();
  databases.clear();
  return joined.zName;
}

class LogUser {
 public:
  // Through the default files, if none are named.
  explicit LogUser(const std::string& path, const char* files = nullptr) {
    REQUIRE(sqlite3_open_v2(path.c_str(), &handle_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, files) ==
            SQLITE_OK);
    REQUIRE(run("PRAGMA synchronous = FULL; PRAGMA journal_mode = WAL") == SQLITE_OK);
  }
  ~LogUser() { sqlite3_close(handle_); }
  LogUser(const LogUser&) = delete;
  LogUser& operator=(const LogUser&) = delete;

  sqlite3* handle() const { return handle_; }
  int run(const std::string& sql) const {
    return sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr);
  }
  std::string text(const std::string& sql) const {
    std::string found;
    const int code = sqlite3_exec(
        handle_, sql.c_str(),
        [](void* to, int, char** values, char**) {
          static_cast<std::string*>(to)->append(values[0] != nullptr ? values[0] : "-").append("\n");
          return 0;
        },
        &found, nullptr);
    return code == SQLITE_OK ? found : "error " + std::to_string(code);
  }
  std::string rows() const { return text("SELECT id || ' ' || value FROM item ORDER BY id"); }

 private:
  sqlite3* handle_ = nullptr;
};
constexpr const char* kItems =
    "CREATE TABLE item (id INTEGER PRIMARY KEY, value TEXT); CREATE INDEX item_value ON item (value)";

std::string items(int from, int count, char mark) {
  return "WITH RECURSIVE n (i) AS (SELECT " + std::to_string(from) +
         " UNION ALL SELECT i + 1 FROM n WHERE i < " + std::to_string(from + count - 1) +
         ") INSERT OR REPLACE INTO item SELECT i, hex(zeroblob(300)) || '" + mark +
         "' || (i * 7919 % 1000) FROM n";
}

struct LogFolder {
  LogFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "crm-test-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~LogFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  LogFolder(const LogFolder&) = delete;
  LogFolder& operator=(const LogFolder&) = delete;
  std::string database() const { return path / "one.db"; }

  // What a machine that stops now leaves: the database and its log.
  std::string left_behind() const {
    const std::filesystem::path copy = path / "left.db";
    for (const char* part : {"", "-wal", "-shm"}) std::filesystem::remove(copy.string() + part);
    for (const char* part : {"", "-wal"}) {
      if (std::filesystem::exists(database() + part))
        std::filesystem::copy_file(database() + part, copy.string() + part);
    }
    return copy;
  }

  std::filesystem::path path;
};

bool is_whole(const LogUser& reader) {
  return reader.text("PRAGMA integrity_check") == "ok\n";
}

TEST_SUITE("store/joined_files") {
  TEST_CASE("a commit is written in one piece, then synced, then seen") {
    const LogFolder folder;
    const LogUser writer(folder.database(), watched_joined_files());
    REQUIRE(writer.run(kItems) == SQLITE_OK);
    const LogUser reader(folder.database());
    REQUIRE(writer.run("BEGIN IMMEDIATE; " + items(1, 40, 'a')) == SQLITE_OK);
    CHECK(reader.text("SELECT count(*) FROM item") == "0\n");
    watched.calls.clear();
    REQUIRE(writer.run("COMMIT") == SQLITE_OK);
    REQUIRE(watched.calls.size() == 2);
    CHECK(watched.calls[0] > 10 * 4120);
    CHECK(watched.calls[0] % 4120 == 0);
    CHECK(watched.calls[1] == 0);
    CHECK(reader.text("SELECT count(*) FROM item") == "40\n");
  }

  TEST_CASE("a sync through the pointer to the log writes what waits first") {
    const LogFolder folder;
    const LogUser writer(folder.database(), watched_joined_files());
    REQUIRE(writer.run(kItems) == SQLITE_OK);
    REQUIRE(writer.run("PRAGMA cache_size = 10; BEGIN IMMEDIATE; " + items(1, 200, 'a')) == SQLITE_OK);
    watched.calls.clear();
    sqlite3_file* log = nullptr;
    REQUIRE(sqlite3_file_control(writer.handle(), "main", SQLITE_FCNTL_JOURNAL_POINTER, &log) == SQLITE_OK);
    REQUIRE(log->pMethods->xSync(log, SQLITE_SYNC_NORMAL) == SQLITE_OK);
    REQUIRE(watched.calls.size() == 2);
    CHECK(watched.calls[0] > 0);
    CHECK(watched.calls[1] == 0);
    CHECK(writer.run("COMMIT") == SQLITE_OK);
  }

  TEST_CASE("a sync that fails is the commit's fault") {
    const LogFolder folder;
    const LogUser writer(folder.database(), watched_joined_files());
    REQUIRE(writer.run(kItems) == SQLITE_OK);
    watched.sync_fails = true;
    CHECK(writer.run("BEGIN IMMEDIATE; " + items(1, 10, 'a') + "; COMMIT") == SQLITE_IOERR);
    watched.sync_fails = false;
    CHECK(writer.run("ROLLBACK") == SQLITE_ERROR);
    CHECK(is_whole(LogUser(folder.database())));
  }

  TEST_CASE("a disk that is full anywhere in a transaction fails it and leaves what was there") {
    for (const char* cache : {"PRAGMA cache_size = 2000", "PRAGMA cache_size = 10"}) {
      CAPTURE(cache);
      const LogFolder folder;
      const LogUser writer(folder.database(), watched_joined_files());
      REQUIRE(writer.run(kItems) == SQLITE_OK);
      REQUIRE(writer.run(cache) == SQLITE_OK);
      REQUIRE(writer.run(items(1, 30, 'a')) == SQLITE_OK);
      const LogUser reader(folder.database());
      const std::string before = reader.rows();
      int faults = 0;
      for (sqlite3_int64 room = 0;; room += 1500) {
        CAPTURE(room);
        watched.room = room;
        const bool done = writer.run("BEGIN IMMEDIATE; " + items(1, 60, 'b') +
                                     "; SAVEPOINT half; UPDATE item SET value = 'c' || value; "
                                     "SELECT sum(length(value)) FROM item; ROLLBACK TO half; " +
                                     items(40, 60, 'd') + "; COMMIT") == SQLITE_OK;
        watched.room = -1;
        if (sqlite3_get_autocommit(writer.handle()) == 0) REQUIRE(writer.run("ROLLBACK") == SQLITE_OK);
        if (done) break;
        ++faults;
        REQUIRE(reader.rows() == before);
        REQUIRE(LogUser(folder.left_behind()).rows() == before);
        REQUIRE(writer.rows() == before);
      }
      CHECK(faults > 20);
      CHECK(is_whole(reader));
      CHECK(reader.text("SELECT count(*) FROM item") == "99\n");
      CHECK(LogUser(folder.left_behind()).rows() == writer.rows());
    }
  }

  TEST_CASE("what was rolled back is never written over what another connection committed") {
    for (int count = 30; count < 200; count += 10) {
      CAPTURE(count);
      const LogFolder folder;
      const LogUser writer(folder.database(), watched_joined_files());
      REQUIRE(writer.run(kItems) == SQLITE_OK);
      const LogUser other(folder.database());
      REQUIRE(writer.run("PRAGMA cache_size = 10; BEGIN IMMEDIATE; " + items(1, count, 'a') + "; ROLLBACK") ==
              SQLITE_OK);
      REQUIRE(other.run(items(1, 300, 'b')) == SQLITE_OK);
      const std::string expected = other.rows();
      CHECK(writer.rows() == expected);
      REQUIRE(writer.run(items(500, 1, 'c') + "; DELETE FROM item WHERE id = 500") == SQLITE_OK);
      CHECK(LogUser(folder.left_behind()).rows() == expected);
      CHECK(LogUser(folder.database()).rows() == expected);
      CHECK(is_whole(other));
    }
  }

  TEST_CASE("without the promise that a broken write spoils nothing beside it, nothing is joined") {
    const LogFolder folder;
    const std::string uri = "file:" + folder.database() + "?psow=0";
    sqlite3* handle = nullptr;
    REQUIRE(sqlite3_open_v2(uri.c_str(), &handle,
                            SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_URI,
                            watched_joined_files()) == SQLITE_OK);
    for (const std::string& sql : {std::string("PRAGMA synchronous = FULL; PRAGMA journal_mode = WAL"),
                                   std::string(kItems), items(1, 40, 'a')})
      REQUIRE(sqlite3_exec(handle, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
    for (const int amount : watched.calls) CHECK(amount <= 4096);
    CHECK(LogUser(folder.left_behind()).text("SELECT count(*) FROM item") == "40\n");
    sqlite3_close(handle);
  }

  TEST_CASE("a log that is copied whole is in long pieces, synced before it is given up") {
    const LogFolder folder;
    const LogUser writer(folder.database(), watched_joined_files());
    REQUIRE(writer.run(kItems) == SQLITE_OK);
    int from = 1;
    for (const char* mode : {"FULL", "RESTART", "TRUNCATE"}) {
      CAPTURE(mode);
      REQUIRE(writer.run(items(from, 400, 'a')) == SQLITE_OK);
      from += 400;
      databases.clear();
      REQUIRE(writer.text(std::string("PRAGMA wal_checkpoint(") + mode + ")") == "0\n");
      CHECK(*std::max_element(databases.calls.begin(), databases.calls.end()) > 20 * 4096);
      CHECK(databases.calls.back() == 0);
      CHECK(is_whole(LogUser(folder.left_behind())));
    }
    CHECK(LogUser(folder.database()).text("SELECT count(*) FROM item") == "1200\n");
  }

  TEST_CASE("a log of which a part must wait, or to which others may add, is copied page by page") {
    for (const char* mode : {"PASSIVE", "FULL", "TRUNCATE"}) {
      CAPTURE(mode);
      const LogFolder folder;
      const LogUser writer(folder.database(), watched_joined_files());
      REQUIRE(writer.run(kItems) == SQLITE_OK);
      REQUIRE(writer.run(items(1, 300, 'a')) == SQLITE_OK);
      const LogUser reader(folder.database());
      REQUIRE(reader.run("BEGIN") == SQLITE_OK);
      const std::string before = reader.rows();
      REQUIRE(writer.run(items(100, 3, 'b')) == SQLITE_OK);
      databases.clear();
      writer.run(std::string("PRAGMA wal_checkpoint(") + mode + ")");
      CHECK(databases.calls.size() > 20);
      for (const int amount : databases.calls) CHECK(amount <= 4096);
      CHECK(reader.rows() == before);
      CHECK(LogUser(folder.left_behind()).rows() == writer.rows());
      REQUIRE(reader.run("COMMIT") == SQLITE_OK);
      CHECK(reader.rows() == writer.rows());
    }
  }

  TEST_CASE("a disk that is full anywhere in a copy of the log loses nothing") {
    const LogFolder folder;
    const LogUser writer(folder.database(), watched_joined_files());
    REQUIRE(writer.run(kItems) == SQLITE_OK);
    const LogUser reader(folder.database());
    int faults = 0;
    for (sqlite3_int64 room = 0;; room += 9000) {
      CAPTURE(room);
      REQUIRE(writer.run(items(static_cast<int>(room / 9000), 200, 'a')) == SQLITE_OK);
      const std::string expected = writer.rows();
      databases.room = room;
      const bool done = writer.run("PRAGMA wal_checkpoint(TRUNCATE)") == SQLITE_OK;
      databases.room = -1;
      REQUIRE(reader.rows() == expected);
      REQUIRE(writer.rows() == expected);
      REQUIRE(LogUser(folder.left_behind()).rows() == expected);
      if (done) break;
      ++faults;
    }
    CHECK(faults > 10);
    databases.sync_fails = true;
    REQUIRE(writer.run(items(1, 200, 'z')) == SQLITE_OK);
    const std::string expected = writer.rows();
    CHECK(writer.run("PRAGMA wal_checkpoint(TRUNCATE)") != SQLITE_OK);
    databases.sync_fails = false;
    CHECK(LogUser(folder.left_behind()).rows() == expected);
    CHECK(writer.run("PRAGMA wal_checkpoint(TRUNCATE)") == SQLITE_OK);
    CHECK(is_whole(reader));
    CHECK(reader.rows() == expected);
  }

  TEST_CASE("what the system begins to write before it is synced is as whole as the rest") {
    const LogFolder folder;
    const LogUser writer(folder.database(), joined_files());
    REQUIRE(writer.run(kItems) == SQLITE_OK);
    // Of 30 MB more than fits into the cache: the checksums of all frames are made anew.
    REQUIRE(writer.run("PRAGMA cache_size = -2000; PRAGMA wal_autocheckpoint = 0") == SQLITE_OK);
    for (int round = 0; round < 2; ++round) {
      REQUIRE(writer.run("BEGIN IMMEDIATE; " + items(1, 30'000, 'a') +
                         "; UPDATE item SET value = value || 'c' WHERE id % 100 = 0; COMMIT") == SQLITE_OK);
      const std::string expected =
          writer.text("SELECT count(*), sum(length(value)), sum(id * length(value)) FROM item");
      const auto sums = [](const LogUser& reader) {
        return reader.text("SELECT count(*), sum(length(value)), sum(id * length(value)) FROM item");
      };
      CHECK(sums(LogUser(folder.left_behind())) == expected);
      REQUIRE(writer.text("PRAGMA wal_checkpoint(TRUNCATE)") == "0\n");
      CHECK(std::filesystem::file_size(folder.database()) > 20'000'000);
      CHECK(sums(LogUser(folder.left_behind())) == expected);
    }
    CHECK(is_whole(LogUser(folder.database())));
  }

  TEST_CASE("property: random transactions of two connections, as without") {
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
      CAPTURE(seed);
      Random random(seed);
      const LogFolder joined_folder;
      const LogFolder plain_folder;
      watched_joined_files();
      struct Both {
        LogUser joined;
        LogUser plain;
        void run(const std::string& sql) const {
          CAPTURE(sql);
          REQUIRE(plain.run(sql) == SQLITE_OK);
          REQUIRE(joined.run(sql) == SQLITE_OK);
        }
      };
      const Both first{LogUser(joined_folder.database(), "joined-over-watched"),
                       LogUser(plain_folder.database())};
      first.run(kItems);
      const Both second{LogUser(joined_folder.database(), random.one_in(2) ? "joined-over-watched" : nullptr),
                        LogUser(plain_folder.database())};
      for (const Both* both : {&first, &second})
        both->run("PRAGMA cache_size = 10; PRAGMA wal_autocheckpoint = 60; PRAGMA synchronous = " +
                  std::string(random.one_in(2) ? "FULL" : "NORMAL"));
      const LogUser reader(joined_folder.database());
      const LogUser late(joined_folder.database());
      for (int round = 0; round < 25; ++round) {
        const Both& both = random.one_in(3) ? second : first;
        const std::string before = reader.rows();
        both.run("BEGIN IMMEDIATE");
        int depth = 0;
        for (unsigned step = random.below(12); step > 0; --step) {
          const int from = random.between(1, 400);
          switch (random.below(6)) {
            case 0:
              both.run("SAVEPOINT s" + std::to_string(++depth));
              break;
            case 1:
              if (depth > 0) both.run("ROLLBACK TO s" + std::to_string(depth));
              break;
            case 2:
              both.run("UPDATE item SET value = substr(value, 2) WHERE id % 7 = " + std::to_string(from % 7));
              break;
            case 3:
              both.run("DELETE FROM item WHERE id BETWEEN " + std::to_string(from) + " AND " +
                       std::to_string(from + 30));
              break;
            default:
              both.run(items(from, random.between(1, 80), static_cast<char>('a' + random.below(26))));
          }
          if (random.one_in(3)) REQUIRE(both.joined.rows() == both.plain.rows());
          REQUIRE(reader.rows() == before);
        }
        const bool reads_on = random.one_in(3);
        if (reads_on) {
          REQUIRE(late.run("BEGIN") == SQLITE_OK);
          REQUIRE(late.rows() == before);
        }
        both.run(random.one_in(4) ? "ROLLBACK" : "COMMIT");
        REQUIRE(reader.rows() == both.plain.rows());
        REQUIRE(LogUser(joined_folder.left_behind()).rows() == both.plain.rows());
        if (random.one_in(6)) {
          const std::array<std::string, 4> modes = {"TRUNCATE", "PASSIVE", "FULL", "RESTART"};
          both.run("PRAGMA wal_checkpoint(" + modes[random.below(4)] + ")");
        }
        if (reads_on) {
          REQUIRE(late.rows() == before);
          REQUIRE(late.run("COMMIT") == SQLITE_OK);
        }
      }
      CHECK(is_whole(reader));
    }
  }
}

}  // namespace
}  // namespace crm
