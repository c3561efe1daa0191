#include "store/sqlite/search_loader.h"

#include <utility>

#include "store/sqlite/search_segments.h"
#include "store/sqlite/sqlite_error.h"

namespace crm {
namespace {

constexpr std::size_t kBatch = 256 * 1024;  // bytes of text
constexpr std::size_t kMostWaiting = 4;     // batches
constexpr std::size_t kSeveral = 32;        // rows in one statement

std::string insert_texts(std::size_t rows) {
  std::string sql = "INSERT INTO search_index_content (id, c0) VALUES (?, ?)";
  for (; rows > 1; --rows) sql += ", (?, ?)";
  return sql;
}

}  // namespace

OpenTables::OpenTables(sqlite3* database) : database_(database) {
  sqlite3_db_config(database_, SQLITE_DBCONFIG_DEFENSIVE, 0, nullptr);
}
OpenTables::~OpenTables() {
  sqlite3_db_config(database_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
}

SearchLoader::SearchLoader(sqlite3* connection) : connection_(connection), open_(connection) {
  try {
    open_side();
    keep_ = LoaderStatement(connection_, insert_texts(1));
    keep_several_ = LoaderStatement(connection_, insert_texts(kSeveral));
    thread_ = std::thread([this] { work(); });
  } catch (...) {
    stop();
    throw;
  }
}

SearchLoader::~SearchLoader() {
  stop();
}

void SearchLoader::open_side() {
  // An empty name: a file of its own in the system's temporary directory, gone with the connection.
  constexpr int kFlags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  const int code = sqlite3_open_v2("", &side_, kFlags, nullptr);
  if (code != SQLITE_OK) throw sqlite_error(side_, code, "the temporary directory");
  // Segments of a few megabytes, merged once, in the end. The texts are kept beside the connection's index.
  run_script(
      side_,
      "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -4000;"
      "CREATE VIRTUAL TABLE search_index USING fts5(text, tokenize = 'ascii', columnsize = 0, content = '');"
      "INSERT INTO search_index (search_index, rank) VALUES ('hashsize', 4000000), ('automerge', 0), "
      "('crisismerge', 64);"
      "BEGIN");
  insert_ = LoaderStatement(side_, "INSERT INTO search_index (rowid, text) VALUES (?1, ?2)");
}

void SearchLoader::add(std::int64_t key, std::string_view text) {
  filling_.keys.push_back(key);
  filling_.texts += text;
  filling_.ends.push_back(filling_.texts.size());
  if (filling_.texts.size() >= kBatch) hand_over();
}

void SearchLoader::fail_if_failed() const {
  if (failed_)
    throw Error(ErrorCode::io, "cannot build the search index in the temporary directory",
                "is there room on its disk?");
}

// Into the connection's table of texts; one statement for several costs much less than one for each.
void SearchLoader::keep(const Batch& batch) {
  const std::size_t count = batch.keys.size();
  for (std::size_t i = 0; i < count;) {
    const std::size_t rows = count - i >= kSeveral ? kSeveral : 1;
    LoaderStatement& statement = rows == 1 ? keep_ : keep_several_;
    for (std::size_t row = 0; row < rows; ++row, ++i) {
      const int parameter = static_cast<int>(2 * row) + 1;
      statement.bind(parameter, batch.keys[i]);
      statement.bind_text(parameter + 1, batch.text(i));
    }
    statement.step();
  }
}

void SearchLoader::hand_over() {
  keep(filling_);
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return waiting_.size() < kMostWaiting || failed_; });
  fail_if_failed();
  waiting_.push_back(std::exchange(filling_, {}));
  changed_.notify_all();
}

void SearchLoader::work() {
  std::unique_lock lock(mutex_);
  bool last = false;
  while (!last && !failed_) {
    changed_.wait(lock, [this] { return !waiting_.empty() || ended_; });
    if (failed_) break;
    last = waiting_.empty();
    Batch batch;
    if (!last) {
      batch = std::move(waiting_.front());
      waiting_.pop_front();
      changed_.notify_all();
    }
    lock.unlock();
    bool failed = false;
    try {
      index(batch);
      if (last) run_script(side_, "INSERT INTO search_index (search_index) VALUES ('optimize'); COMMIT");
    } catch (const std::exception&) {
      failed = true;
    }
    lock.lock();
    failed_ = failed_ || failed;
  }
  changed_.notify_all();
}

void SearchLoader::index(const Batch& batch) {
  for (std::size_t i = 0; i < batch.keys.size(); ++i) {
    insert_.bind(1, batch.keys[i]);
    insert_.bind_text(2, batch.text(i));
    insert_.step();
  }
}

void SearchLoader::end() {
  if (!thread_.joinable() || ended_) return;
  if (!filling_.keys.empty()) hand_over();
  const std::lock_guard lock(mutex_);
  ended_ = true;
  changed_.notify_all();
}

void SearchLoader::stop() {
  if (thread_.joinable()) {
    {
      const std::lock_guard lock(mutex_);
      ended_ = true;
      failed_ = true;  // it need not go on
      changed_.notify_all();
    }
    thread_.join();
  }
  insert_ = LoaderStatement();
  sqlite3_close(std::exchange(side_, nullptr));
}

void SearchLoader::finish() {
  end();
  thread_.join();
  fail_if_failed();
  // A savepoint makes FTS5 write what it still holds in memory, going back to one makes it forget what it
  // knows of its tables.
  run_script(connection_,
             "DELETE FROM search_index WHERE rowid = -1; SAVEPOINT search_loader; RELEASE search_loader");
  adopt_segment(side_, connection_);
  run_script(connection_, "SAVEPOINT search_loader; ROLLBACK TO search_loader; RELEASE search_loader");
}

}  // namespace crm
