#include "store/sqlite/search_loader.h"

#include <utility>

#include "store/sqlite/search_segments.h"
#include "store/sqlite/sqlite_error.h"

namespace crm {
namespace {

constexpr std::size_t kBatch = 256 * 1024;  // bytes of values
constexpr std::size_t kMostWaiting = 16;    // batches

// The parts of an index that had next to none before are merged by two threads. They are fewer than FTS5
// would merge.
constexpr std::size_t kParts = 3;

}  // namespace

OpenTables::OpenTables(sqlite3* database) : database_(database) {
  sqlite3_db_config(database_, SQLITE_DBCONFIG_DEFENSIVE, 0, nullptr);
}
OpenTables::~OpenTables() {
  sqlite3_db_config(database_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
}

SearchLoader::SearchLoader(sqlite3* connection, std::size_t memory)
    : connection_(connection), open_(connection) {
  try {
    open_sides(memory);
    thread_ = std::thread([this] { work(); });
  } catch (...) {
    stop();
    throw;
  }
}

SearchLoader::~SearchLoader() {
  stop();
}

void SearchLoader::open_sides(std::size_t memory) {
  sides_.resize(AdoptedSegments(connection_).are_most() ? kParts : 1);
  for (sqlite3*& side : sides_) {
    // An empty name: a file of its own in the system's temporary directory, gone with the connection.
    constexpr int kFlags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    const int code = sqlite3_open_v2("", &side, kFlags, nullptr);
    if (code != SQLITE_OK) throw sqlite_error(side, code, "the temporary directory");
    run_script(side,
               "PRAGMA page_size = 16384; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
               "PRAGMA cache_size = -1000; BEGIN");
  }
  builder_.emplace(sides_, memory);
}

void SearchLoader::add(std::int64_t key, const std::shared_ptr<const WordMaker>& maker,
                       std::string_view values) {
  if (filling_.maker != maker && !filling_.keys.empty()) hand_over();
  added_.add(key);
  filling_.maker = maker;
  filling_.keys.push_back(key);
  filling_.values += values;
  filling_.ends.push_back(filling_.values.size());
  filled_ += values.size();
  if (filled_ >= kBatch) hand_over();
}

void SearchLoader::replace(std::int64_t key, std::string_view former, std::string_view words) {
  filling_.changes.push_back({key, std::string(former), std::string(words)});
  filled_ += sizeof(Change) + former.size() + words.size();
  if (filled_ >= kBatch) hand_over();
}

void SearchLoader::fail_if_failed() const {
  if (failed_)
    throw Error(ErrorCode::io, "cannot build the search index in the temporary directory",
                "is there room on its disk?");
}

void SearchLoader::hand_over() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return waiting_.size() < kMostWaiting || failed_; });
  fail_if_failed();
  waiting_.push_back(std::exchange(filling_, {}));
  filled_ = 0;
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
      if (last) builder_->end();
    } catch (const std::exception&) {
      failed = true;
    }
    lock.lock();
    failed_ = failed_ || failed;
  }
  has_words_ = true;
  changed_.notify_all();
  lock.unlock();
  merge();
}

// In the thread.
void SearchLoader::merge() {
  std::unique_lock lock(mutex_);
  while (!failed_) {
    lock.unlock();
    const SegmentPart* part = nullptr;
    bool failed = false;
    try {
      part = builder_->merge_next();
    } catch (const std::exception&) {
      failed = true;
    }
    lock.lock();
    failed_ = failed_ || failed;
    if (part == nullptr) return;
    merged_.push_back(part);
  }
}

void SearchLoader::index(const Batch& batch) {
  std::string words;
  for (std::size_t i = 0; i < batch.keys.size(); ++i) {
    words.clear();
    batch.maker->append_words(words, batch.values_of(i));
    if (!words.empty()) builder_->add(batch.keys[i], words);
  }
  for (const Change& change : batch.changes) builder_->replace(change.key, change.former, change.words);
}

void SearchLoader::end() {
  if (!thread_.joinable() || ended_) return;
  if (filled_ > 0) hand_over();
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
  builder_.reset();
  for (sqlite3*& side : sides_) sqlite3_close(std::exchange(side, nullptr));
}

void SearchLoader::wait_for_words() {
  end();
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return has_words_; });
  fail_if_failed();
}

void SearchLoader::adopt_merged(AdoptedSegments& segments) {
  for (;;) {
    std::unique_lock lock(mutex_);
    if (merged_.empty()) return;
    const SegmentPart* const part = merged_.front();
    merged_.pop_front();
    lock.unlock();
    segments.add(*part);
  }
}

void SearchLoader::finish() {
  wait_for_words();
  // Once it takes part in the transaction (it is asked to merge nothing), a savepoint makes FTS5 write what
  // it still holds in memory; going back to one makes it forget what it
  // knows of its tables.
  run_script(connection_,
             "INSERT INTO search_index (search_index, rank) VALUES ('merge', 0);"
             "SAVEPOINT search_loader; RELEASE search_loader");
  AdoptedSegments segments(connection_);
  while (const SegmentPart* const part = builder_->merge_next()) segments.add(*part);
  adopt_merged(segments);
  thread_.join();
  fail_if_failed();
  adopt_merged(segments);
  segments.finish(*builder_);
  run_script(connection_, "SAVEPOINT search_loader; ROLLBACK TO search_loader; RELEASE search_loader");
}

}  // namespace crm
