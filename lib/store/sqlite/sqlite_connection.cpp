#include "store/sqlite/sqlite_connection.h"

#include <SQLiteCpp/Backup.h>
#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <thread>
#include <utility>

#include "crm/error.h"
#include "store/sqlite/busy_handler.h"
#include "store/sqlite/database_file.h"
#include "store/sqlite/execution.h"
#include "store/sqlite/guard.h"
#include "store/sqlite/read_only_place.h"
#include "store/sqlite/search_index.h"
#include "store/sqlite/sqlite_error.h"
#include "store/sqlite/statement_cache.h"
#include "store/sqlite/waiting_rows.h"

namespace crm {
namespace {

// Rows that come in any order into indexes of many need these in memory; where the indexes are made
// afterwards, rows are only added at the end; and sorting for them takes twice as much as the cache is
// allowed.
constexpr std::string_view kIndexCache = "PRAGMA cache_size = -46000";
constexpr std::string_view kAppendCache = "PRAGMA cache_size = -16000";
constexpr std::string_view kSortCache = "PRAGMA cache_size = -7000";

// What the loader of the search index may collect, in bytes, where there is no need for that.
constexpr std::size_t kWordsWithoutIndexes = 16'000'000;

// The write-ahead log may grow to so many pages, 4 MB, before they are copied into the file. Where they are
// scattered, it may to 64 MB: those that are written again meanwhile are copied once.
constexpr int kPagesInLog = 1000;
constexpr int kScatteredPagesInLog = 16000;
// From so many on, 16 MB, others who write wait while they are copied: it takes two thirds of the time then
// (joined_pages.h). They have waited for longer while so many were written.
constexpr int kManyPagesInLog = 4000;

class SqliteConnection final : public Connection {
 public:
  explicit SqliteConnection(const SqliteOptions& options);
  ~SqliteConnection() override { rollback(); }

  void query(std::string_view sql, Params params, StoppingVisitor visit) override {
    waiting_rows_.settle();
    if (search_index_.is_behind() && sql.find("search_index") != std::string_view::npos) finish_bulk_load();
    std::unique_ptr<PreparedStatement> spare;
    run(statements_.get(sql, spare), params, visit);
  }

  void query_guarded(std::string_view sql, Params params, StoppingVisitor visit) override {
    waiting_rows_.settle();
    std::unique_ptr<PreparedStatement> statement;
    // FTS5 connects when a statement first names its table, with SQL of its own that the guard would refuse.
    if (sql.find("search_index") != std::string_view::npos) {
      finish_bulk_load();
      statements_.get("SELECT rowid FROM search_index", statement);
    }
    {
      const Guard guard(handle());
      statement = std::make_unique<PreparedStatement>(handle(), sql);
    }
    run(*statement, params, visit);
  }

  std::int64_t execute(std::string_view sql, Params params) override {
    waiting_rows_.settle();
    std::unique_ptr<PreparedStatement> spare;
    run(statements_.get(sql, spare), params, [](const Row&) { return true; });
    return sqlite3_changes64(handle());
  }

  void append(std::string_view insert, Params values) override {
    const bool may_wait = bulk_load_ && begun_ && depth_ == 0;
    if (!may_wait || !waiting_rows_.add(insert, values, running_ == 0)) execute(insert, values);
  }

  void run_script(std::string_view sql) override {
    waiting_rows_.write(WaitingRows::tables_named(sql));
    check(sqlite3_exec(handle(), std::string(sql).c_str(), nullptr, nullptr, nullptr));
  }

  // One inside another is a part of it: it can fail alone, and lasts with it.
  void begin(AccessMode mode) override {
    if (in_transaction()) {
      savepoint();
      ++parts_;
    } else {
      execute(mode == AccessMode::write ? "BEGIN IMMEDIATE" : "BEGIN", {});
      search_index_.begin_transaction();
      begun_ = true;
    }
  }
  void commit() override {
    if (parts_ > 0) {
      --parts_;
      release_savepoint();
      return;
    }
    finish_bulk_load();
    execute("COMMIT", {});
    begun_ = false;
  }
  void rollback() noexcept override {
    suspended_.clear();
    if (in_transaction() && parts_ > 0) {
      --parts_;
      rollback_to_savepoint();
      return;
    }
    parts_ = 0;
    begun_ = false;
    waiting_rows_.clear();
    search_index_.clear();
    if (!in_transaction()) return;
    depth_ = 0;
    sqlite3_exec(handle(), "ROLLBACK", nullptr, nullptr, nullptr);
  }
  bool in_transaction() const override { return sqlite3_get_autocommit(handle()) == 0; }

  void savepoint() override {
    restore_indexes();
    waiting_rows_.write_all();
    search_index_.mark();
    execute("SAVEPOINT level" + std::to_string(++depth_), {});
  }
  void release_savepoint() override {
    execute("RELEASE level" + std::to_string(depth_--), {});
    search_index_.release();
  }
  void rollback_to_savepoint() noexcept override {
    const std::string name = "level" + std::to_string(depth_--);
    search_index_.rewind();
    // After some errors SQLite has already rolled back everything: then there is nothing left to undo.
    if (in_transaction())
      sqlite3_exec(handle(), ("ROLLBACK TO " + name + "; RELEASE " + name).c_str(), nullptr, nullptr,
                   nullptr);
  }

  void index_new(std::int64_t key, const std::shared_ptr<const WordMaker>& maker,
                 std::string_view values) override {
    if (!search_index_.is_to_load(key)) waiting_rows_.settle();
    search_index_.put_new(key, maker, values);
  }
  void reindex(std::int64_t key, std::string_view former, std::string_view words) override {
    if (!search_index_.has_loaded(key)) waiting_rows_.settle();
    search_index_.replace(key, former, words);
  }
  void empty_index() override { search_index_.empty(); }
  bool index_is_emptied() const override { return search_index_.is_emptied(); }
  void fill_index() override { search_index_.fill(); }
  void find_texts(const TextSearch& search, FunctionRef<void(std::int64_t)> visit) override {
    waiting_rows_.settle();
    search_index_.find(search, visit);
  }

  int schema_version() override { return static_cast<int>(query_integer("PRAGMA user_version").value_or(0)); }
  void set_schema_version(int version) override {
    run_script("PRAGMA application_id = " + std::to_string(kSqliteApplicationId) +
               "; PRAGMA user_version = " + std::to_string(version));
  }

  void set_durable(bool durable) override {
    if (durable == durable_) return;
    run_script(durable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
    durable_ = durable;
  }
  void sync() override;

  void prepare_bulk_load() override {
    bulk_load_ = true;
    run_script(kIndexCache);
    run_script("PRAGMA temp_store = FILE; PRAGMA threads = 1");
    search_index_.prepare_bulk_load();
  }
  void prepare_scattered_writes() override {
    run_script(kIndexCache);
    pages_in_log_ = kScatteredPagesInLog;
  }
  void suspend_indexes(std::string_view table, std::span<const std::string> empty_columns) override;
  void restore_indexes() override;
  void finish_bulk_load() override;

  void backup_to(const std::string& path) override;
  std::vector<std::string> integrity_problems() override {
    std::vector<std::string> problems;
    for (const char* check_sql : {"PRAGMA integrity_check(50)", "PRAGMA foreign_key_check"}) {
      each(check_sql, {}, [&](const Row& row) {
        if (row.text(0) != "ok") problems.emplace_back(row.text(0));
      });
    }
    return problems;
  }
  std::string location() const override { return path_; }

 private:
  sqlite3* handle() const { return database_->getHandle(); }

  void check(int code) const {
    if (code != SQLITE_OK) throw sqlite_error(handle(), code, path_);
  }

  void run(PreparedStatement& statement, Params params, StoppingVisitor visit) {
    waiting_rows_.write(statement.tables());
    Execution execution(statement, params);
    const Nesting nesting(running_);
    const SqliteRow row(statement.handle());
    for (;;) {
      const int code = execution.step();
      if (code == SQLITE_DONE) return;
      if (code != SQLITE_ROW) check(code);
      if (!visit(row)) return;
    }
  }

  void configure(AccessMode mode);
  void check_header();
  static int copy_log(void* connection, sqlite3* database, const char* schema, int pages);

  std::string path_;
  BusyHandler busy_;
  std::unique_ptr<SQLite::Database> database_;
  StatementCache statements_;
  WaitingRows waiting_rows_;
  SearchIndex search_index_;
  int depth_ = 0;
  int running_ = 0;     // statements of which rows are being visited
  int parts_ = 0;       // transactions begun inside another
  bool begun_ = false;  // a transaction, by begin(): the thread that writes rows is not to be disturbed by
                        // asking SQLite
  bool durable_ = true;
  int pages_in_log_ = kPagesInLog;
  bool bulk_load_ = false;
  std::vector<std::string> suspended_;  // what makes the indexes again
};

SqliteConnection::SqliteConnection(const SqliteOptions& options)
    : path_(options.in_memory ? ":memory:" : options.path),
      busy_(options.busy_timeout),
      database_(open_database(path_, options)),
      statements_(handle()),
      waiting_rows_(handle()),
      search_index_(*this, handle()) {
  sqlite3_busy_handler(handle(), BusyHandler::call, &busy_);
  sqlite3_extended_result_codes(handle(), 1);
  configure(options.create ? AccessMode::write : options.mode);
  if (options.create) {
    run_script("PRAGMA journal_mode = WAL");
  } else if (!options.in_memory) {
    check_header();
  }
}

void SqliteConnection::configure(AccessMode mode) {
  sqlite3* database = handle();
  for (const int setting : {SQLITE_DBCONFIG_DEFENSIVE, SQLITE_DBCONFIG_ENABLE_FKEY})
    sqlite3_db_config(database, setting, 1, nullptr);
  for (const int setting :
       {SQLITE_DBCONFIG_DQS_DML, SQLITE_DBCONFIG_DQS_DDL, SQLITE_DBCONFIG_TRUSTED_SCHEMA}) {
    sqlite3_db_config(database, setting, 0, nullptr);
  }
  sqlite3_limit(database, SQLITE_LIMIT_LENGTH, 16 << 20);
  sqlite3_limit(database, SQLITE_LIMIT_SQL_LENGTH, 1 << 20);
  sqlite3_limit(database, SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 8192);
  sqlite3_limit(database, SQLITE_LIMIT_ATTACHED, 0);
  run_script("PRAGMA temp_store = MEMORY");
  if (mode == AccessMode::write) {
    run_script("PRAGMA synchronous = FULL");
    sqlite3_wal_hook(database, copy_log, this);
  }
}

// After each commit. What cannot be copied now is by a later one, or by whoever closes the database last.
int SqliteConnection::copy_log(void* connection, sqlite3* database, const char* schema, int pages) {
  auto& self = *static_cast<SqliteConnection*>(connection);
  if (pages < self.pages_in_log_) return SQLITE_OK;
  const bool others_wait = pages >= kManyPagesInLog;
  sqlite3_busy_handler(database, nullptr, nullptr);  // readers of an older state are not waited for
  sqlite3_wal_checkpoint_v2(
      database, schema, others_wait ? SQLITE_CHECKPOINT_FULL : SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  sqlite3_busy_handler(database, BusyHandler::call, &self.busy_);
  return SQLITE_OK;
}

void SqliteConnection::check_header() {
  if (query_integer("PRAGMA application_id") != kSqliteApplicationId) {
    throw Error(ErrorCode::failed, "'" + path_ + "' is not a crm database",
                "name another file with --db, or make one with 'crm init'");
  }
}

// In this mode of the journal what a commit writes is the write-ahead log; a checkpoint syncs by itself.
void SqliteConnection::sync() {
  waiting_rows_.settle();
  sqlite3_file* log = nullptr;
  check(sqlite3_file_control(handle(), "main", SQLITE_FCNTL_JOURNAL_POINTER, static_cast<void*>(&log)));
  if (log == nullptr || log->pMethods == nullptr) return;  // nothing was written yet
  if (log->pMethods->xSync(log, SQLITE_SYNC_NORMAL) == SQLITE_OK) return;
  throw Error(ErrorCode::io,
              "cannot sync '" + path_ + "': what was done is there, but a loss of power may take it back",
              "check the disk, and what the database holds");
}

void SqliteConnection::suspend_indexes(std::string_view table, std::span<const std::string> empty_columns) {
  run_script(kAppendCache);
  search_index_.set_load_memory(kWordsWithoutIndexes);
  const Param params[] = {table};
  std::vector<std::string> names;
  each(
      "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = $1 AND sql NOT LIKE 'CREATE "
      "UNIQUE%' ORDER BY rowid",
      params, [&](const Row& row) {
        const auto stays_empty = [&row](const std::string& column) {
          return row.text(1).ends_with(" WHERE " + column + " IS NOT NULL");
        };
        if (std::any_of(empty_columns.begin(), empty_columns.end(), stays_empty)) return;
        names.emplace_back(row.text(0));
        suspended_.emplace_back(row.text(1));
      });
  waiting_rows_.set_records_are_new(true);
  for (const std::string& name : names) execute("DROP INDEX \"" + name + "\"", {});
}

void SqliteConnection::restore_indexes() {
  waiting_rows_.set_records_are_new(false);
  if (suspended_.empty()) return;
  run_script(kSortCache);
  for (const std::string& index : suspended_) execute(index, {});
  suspended_.clear();
  run_script(kAppendCache);
}

void SqliteConnection::finish_bulk_load() {
  search_index_.end_load();
  waiting_rows_.write_all();
  restore_indexes();
  search_index_.catch_up();
}

void SqliteConnection::backup_to(const std::string& path) {
  waiting_rows_.write_all();
  create_private_file(path);
  try {
    SQLite::Database target(path, SQLite::OPEN_READWRITE);
    SQLite::Backup backup(target, *database_);
    int code = backup.executeStep(1000);
    while (code == SQLITE_OK || code == SQLITE_BUSY || code == SQLITE_LOCKED) {
      if (code != SQLITE_OK) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      code = backup.executeStep(1000);
    }
  } catch (const SQLite::Exception& exception) {
    ::unlink(path.c_str());
    throw sqlite_error(nullptr, exception.getErrorCode(), path);
  }
}

}  // namespace

std::unique_ptr<Connection> open_sqlite(const SqliteOptions& options) {
  const bool only_read = options.mode == AccessMode::read && !options.create && !options.in_memory;
  try {
    return std::make_unique<SqliteConnection>(options);
  } catch (const Error& error) {
    if (!only_read || error.code() != ErrorCode::io || !is_read_only_place(options.path)) throw;
  }
  check_unchanging(options.path);
  SqliteOptions unchanging = options;
  unchanging.unchanging = true;
  return std::make_unique<SqliteConnection>(unchanging);
}

}  // namespace crm
