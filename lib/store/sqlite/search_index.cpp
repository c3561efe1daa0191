#include "store/sqlite/search_index.h"

#include <algorithm>
#include <utility>

#include "store/sqlite/search_loader.h"

namespace crm {
namespace {

constexpr std::size_t kManyWaitingTexts = 64;
constexpr std::size_t kMostWaitingTexts = 1024;  // within a savepoint, which would have to keep FTS5's pages
constexpr std::size_t kMostChangedTexts = 50'000;
constexpr std::int64_t kManyNewTexts = 5000;     // worth a loader
constexpr std::size_t kManyRemovedTexts = 5000;  // perhaps worth a new index

}  // namespace

SearchIndex::SearchIndex(Connection& connection, sqlite3* database)
    : connection_(connection), database_(database) {}
SearchIndex::~SearchIndex() = default;

bool SearchIndex::is_behind() const {
  return written_ < waiting_.size() || loader_ || !removed_.empty() || !changed_.empty();
}

// Whether a new text goes to the loader: once there are many in a transaction.
bool SearchIndex::loads() {
  if (loader_) return true;
  if (!bulk_load_ || !marks_.empty() || ++texts_put_ < kManyNewTexts) return false;
  loader_ = std::make_unique<SearchLoader>(database_);
  return true;
}

void SearchIndex::put(std::int64_t key, std::optional<std::string_view> given, bool was_indexed) {
  const std::string_view text = given.value_or(std::string_view());
  if (loader_ && (was_indexed || changed_.count(key) > 0)) {
    // The loader takes new texts alone, and ending it for each that changes would take for ever.
    changed_[key] = text;
    if (changed_.size() >= kMostChangedTexts) catch_up();
    return;
  }
  if (was_indexed && bulk_load_ && marks_.empty()) {
    if (text.empty()) {
      changed_.erase(key);
      return removed_.push_back(key);
    }
    // The index may have to be made anew, and then it takes this one with the others.
    if (!removed_.empty()) {
      changed_[key] = text;
      if (changed_.size() >= kMostChangedTexts) write_changed();
      return;
    }
  }
  if (!was_indexed && !removed_.empty()) remove_texts();  // it may be one of them that comes again
  if (!was_indexed && text.empty()) return;
  if (!was_indexed && loads()) return loader_->add(key, text);
  waiting_.push_back({key, std::string(text), was_indexed});
  const std::size_t most = marks_.empty() ? kManyWaitingTexts : kMostWaitingTexts;
  if (waiting_.size() - written_ >= most || !connection_.in_transaction()) write_waiting();
}

void SearchIndex::write(const Change& change) {
  const Param params[] = {change.key, change.text};
  if (change.was_indexed) connection_.execute("DELETE FROM search_index WHERE rowid = $1", params);
  if (!change.text.empty())
    connection_.execute("INSERT INTO search_index(rowid, text) VALUES ($1, $2)", params);
}

void SearchIndex::write_waiting() {
  while (written_ < waiting_.size()) write(waiting_[written_++]);
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
  remove_texts();
}

void SearchIndex::write_changed() {
  for (const auto& [key, text] : std::exchange(changed_, {})) write({key, text, true});
}

// To remove a text FTS5 notes each of its words as gone, and carries these notes along for long: where most
// go, it is quicker to index anew those that stay.
void SearchIndex::remove_texts() {
  if (removed_.empty()) return;
  write_waiting();
  const std::vector<std::int64_t> keys = std::exchange(removed_, {});
  std::int64_t present = 0;
  if (keys.size() >= kManyRemovedTexts)
    present = connection_.query_integer("SELECT count(*) FROM search_index_content").value_or(0);
  if (keys.size() < kManyRemovedTexts || static_cast<std::int64_t>(2 * keys.size()) < present) {
    for (const std::int64_t key : keys) write({key, {}, true});
    write_changed();
    return;
  }
  make_anew(keys);
}

void SearchIndex::make_anew(const std::vector<std::int64_t>& removed) {
  const OpenTables open_tables(database_);
  for (const std::int64_t key : removed) {
    const Param params[] = {key};
    connection_.execute("DELETE FROM search_index_content WHERE id = $1", params);
  }
  for (const auto& [key, text] : std::exchange(changed_, {})) {
    const Param params[] = {key, text};
    connection_.execute("REPLACE INTO search_index_content (id, c0) VALUES ($1, $2)", params);
  }
  connection_.execute("INSERT INTO search_index(search_index) VALUES ('rebuild')", {});
}

void SearchIndex::find(const TextSearch& search, FunctionRef<void(std::int64_t)> visit) {
  if (loader_ || !removed_.empty()) catch_up();
  const auto unwritten = waiting_.begin() + static_cast<std::ptrdiff_t>(written_);
  const auto changes_key = [](std::int64_t key) {
    return [key](const Change& change) { return change.key == key; };
  };
  for (const std::int64_t key : written_matches(search)) {
    if (std::none_of(unwritten, waiting_.end(), changes_key(key))) visit(key);
  }
  for (auto change = unwritten; change != waiting_.end(); ++change) {
    const bool in_range = change->key >= search.first && change->key <= search.last;
    if (!in_range || change->text.empty() || !search.is_match(change->text)) continue;
    if (std::none_of(change + 1, waiting_.end(), changes_key(change->key))) visit(change->key);
  }
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
  if (loader_ || !removed_.empty()) catch_up();
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
  if (marks_.empty()) return;
  waiting_.resize(marks_.back().size);
  written_ = marks_.back().written;
  marks_.pop_back();
}

void SearchIndex::clear() noexcept {
  loader_.reset();
  changed_.clear();
  removed_.clear();
  waiting_.clear();
  marks_.clear();
  written_ = 0;
  texts_put_ = 0;
}

}  // namespace crm
