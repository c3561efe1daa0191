#include "store/sqlite/search_index.h"

#include <algorithm>
#include <utility>

#include "store/sqlite/search_loader.h"

namespace crm {
namespace {

constexpr std::size_t kManyWaitingTexts = 64;
// Within a savepoint, which would have to keep FTS5's pages, and in a load of many.
constexpr std::size_t kMostWaitingTexts = 1024;
constexpr std::size_t kMostWaitingBytes = 8'000'000;
constexpr std::size_t kMostChangedBytes = 12'000'000;
constexpr std::int64_t kManyNewTexts = 5000;  // worth a loader

}  // namespace

SearchIndex::SearchIndex(Connection& connection, sqlite3* database)
    : connection_(connection), database_(database), filter_(database) {}
SearchIndex::~SearchIndex() = default;

bool SearchIndex::is_behind() const {
  return written_ < waiting_.size() || loader_ || !changed_.empty();
}

// Whether a new text goes to the loader: once there are many in a transaction.
bool SearchIndex::loads() {
  if (loader_) return true;
  if (!bulk_load_ || !marks_.empty() || ++texts_put_ < kManyNewTexts) return false;
  loader_ = std::make_unique<SearchLoader>(database_, load_memory_);
  return true;
}

bool SearchIndex::has_loaded(std::int64_t key) const {
  return loader_ && loader_->has(key);
}

void SearchIndex::put_new(std::int64_t key, const std::shared_ptr<const WordMaker>& maker,
                          std::string_view values) {
  if (is_emptied_) return;
  if (!has_loaded(key) && changed_.count(key) == 0 && loads()) {
    forget_words();  // they are made in another thread
    return loader_->add(key, maker, values);
  }
  std::string words;
  maker->append_words(words, values);
  replace(key, {}, words);
}

void SearchIndex::replace(std::int64_t key, std::string_view former, std::string_view words) {
  if (is_emptied_ || (former.empty() && words.empty())) return;
  if (!former.empty()) filter_.note_removal();
  if (filter_.is_made()) keep_newest(key, words);
  if (has_loaded(key)) return loader_->replace(key, former, words);
  if (loader_) {
    // FTS5 has it, and ending the loader for each would take for ever.
    const auto [change, is_first] = changed_.try_emplace(key, Change{key, std::string(former), {}});
    changed_bytes_ += words.size() + (is_first ? former.size() + sizeof(Change) : 0);
    change->second.words = words;
    if (changed_bytes_ >= kMostChangedBytes) catch_up();
    return;
  }
  waiting_.push_back({key, std::string(former), std::string(words)});
  waiting_bytes_ += former.size() + words.size();
  const std::size_t most = marks_.empty() && !bulk_load_ ? kManyWaitingTexts : kMostWaitingTexts;
  if (waiting_.size() - written_ >= most || waiting_bytes_ >= kMostWaitingBytes ||
      !connection_.in_transaction())
    write_waiting();
}

void SearchIndex::empty() {
  clear();
  connection_.execute("INSERT INTO search_index(search_index) VALUES ('delete-all')", {});
  is_emptied_ = true;
  filter_.note_removal();
  forget_words();
}

void SearchIndex::write(const Change& change) {
  const Param params[] = {change.key, change.former, change.words};
  if (!change.former.empty())
    connection_.execute("INSERT INTO search_index(search_index, rowid, text) VALUES ('delete', $1, $2)",
                        params);
  if (!change.words.empty())
    connection_.execute("INSERT INTO search_index(rowid, text) VALUES ($1, $3)", params);
}

void SearchIndex::write_waiting() {
  // FTS5 makes a segment whenever a key is less than the one before.
  if (marks_.empty() && written_ == 0) {
    std::stable_sort(waiting_.begin(), waiting_.end(),
                     [](const Change& a, const Change& b) { return a.key < b.key; });
  }
  while (written_ < waiting_.size()) write(waiting_[written_++]);
  waiting_bytes_ = 0;
  if (!marks_.empty()) return;
  waiting_.clear();
  written_ = 0;
}

void SearchIndex::end_load() {
  if (loader_) loader_->end();
}

void SearchIndex::catch_up() {
  write_waiting();
  if (loader_) {
    loader_->finish();
    loader_.reset();
    texts_put_ = 0;
    write_changed();
  }
}

void SearchIndex::write_changed() {
  changed_bytes_ = 0;
  for (const auto& [key, change] : std::exchange(changed_, {})) write(change);
}

void SearchIndex::find(const TextSearch& search, FunctionRef<void(std::int64_t)> visit) {
  if (loader_) catch_up();
  const auto in_range = [&search](std::int64_t key) { return key >= search.first && key <= search.last; };
  if (excludes(search)) {
    if (newest_ && in_range(newest_->key) && !newest_->words.empty() && search.is_match(newest_->words))
      visit(newest_->key);
    return;
  }
  const auto unwritten = waiting_.begin() + static_cast<std::ptrdiff_t>(written_);
  const auto changes_key = [](std::int64_t key) {
    return [key](const Change& change) { return change.key == key; };
  };
  for (const std::int64_t key : written_matches(search)) {
    if (std::none_of(unwritten, waiting_.end(), changes_key(key))) visit(key);
  }
  for (auto change = unwritten; change != waiting_.end(); ++change) {
    if (!in_range(change->key) || change->words.empty() || !search.is_match(change->words)) continue;
    if (std::none_of(change + 1, waiting_.end(), changes_key(change->key))) visit(change->key);
  }
}

void SearchIndex::keep_newest(std::int64_t key, std::string_view words) {
  tell_newest();
  newest_ = Change{key, {}, std::string(words)};
}

void SearchIndex::tell_newest() {
  if (newest_) filter_.add(newest_->words);
  newest_.reset();
}

void SearchIndex::forget_words() {
  newest_.reset();
  if (filter_.is_made()) filter_.forget();
}

bool SearchIndex::excludes(const TextSearch& search) {
  // Without a transaction another connection may write at any moment.
  if (search.ways.empty() || !connection_.in_transaction()) return false;
  if (filter_.is_due()) {
    newest_.reset();
    write_waiting();
    filter_.make();
  }
  return filter_.excludes(search.ways);
}

std::vector<std::int64_t> SearchIndex::written_matches(const TextSearch& search) {
  if (!find_) {
    find_.emplace(database_,
                  "SELECT rowid FROM search_index WHERE search_index MATCH ?1 AND rowid BETWEEN ?2 AND ?3 "
                  "LIMIT ?4");
  }
  find_->bind_text(1, search.query);
  find_->bind(2, search.first);
  find_->bind(3, search.last);
  find_->bind(4, search.limit);
  std::vector<std::int64_t> keys;
  while (find_->step()) keys.push_back(find_->integer(0));
  return keys;
}

void SearchIndex::mark() {
  if (loader_) catch_up();
  marks_.push_back({waiting_.size(), written_});
}

void SearchIndex::release() {
  marks_.pop_back();
  if (!marks_.empty()) return;
  waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(written_));
  written_ = 0;
  if (waiting_.size() >= kManyWaitingTexts) write_waiting();
}

void SearchIndex::rewind() noexcept {
  tell_newest();
  if (marks_.empty()) return;
  waiting_.resize(marks_.back().size);
  written_ = marks_.back().written;
  marks_.pop_back();
}

void SearchIndex::clear() noexcept {
  tell_newest();
  loader_.reset();
  changed_.clear();
  changed_bytes_ = 0;
  is_emptied_ = false;
  waiting_.clear();
  waiting_bytes_ = 0;
  marks_.clear();
  written_ = 0;
  texts_put_ = 0;
}

}  // namespace crm
