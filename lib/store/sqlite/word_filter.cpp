#include "store/sqlite/word_filter.h"

#include <algorithm>
#include <chrono>
#include <functional>

#include "base/index_words.h"

namespace crm {
namespace {

constexpr std::size_t kMostKeptWords = 400'000;     // 16 MB
constexpr std::chrono::microseconds kOneSearch{5};  // what one takes, at least

}  // namespace

bool WordFilter::is_due() {
  const std::int64_t version = data_version();
  if (version != version_) {  // another connection wrote
    forget();
    version_ = version;
  }
  return !is_made_ && ++searches_ >= due_ && !has_removed_;
}

void WordFilter::forget() {
  is_made_ = false;
  searches_ = 0;
  words_.clear();
}

// It may take as long as the searches did that it would have spared.
void WordFilter::make() {
  run_script(
      database_,
      "CREATE VIRTUAL TABLE IF NOT EXISTS temp.search_words USING fts5vocab('main', 'search_index', 'row')");
  due_ = 2 * searches_;
  const auto end = std::chrono::steady_clock::now() + searches_ * kOneSearch;
  LoaderStatement query(database_, "SELECT term FROM temp.search_words");
  while (query.step()) {
    words_.insert(std::hash<std::string_view>()(query.bytes(0)));
    if (words_.size() > kMostKeptWords || std::chrono::steady_clock::now() > end) return words_.clear();
  }
  is_made_ = true;
}

void WordFilter::add(std::string_view text) {
  if (!is_made_) return;
  each_index_word(text, [&](std::string_view word) { words_.insert(std::hash<std::string_view>()(word)); });
  if (words_.size() > kMostKeptWords) forget();
}

bool WordFilter::may_hold(std::string_view word) const {
  const bool is_plain =
      std::all_of(word.begin(), word.end(), [](char c) { return index_word_byte(c) != '\0'; });
  bool held = !is_plain;
  each_index_word(word, [&](std::string_view indexed) {
    held = held || words_.holds(std::hash<std::string_view>()(indexed));
  });
  return held;
}

bool WordFilter::excludes(const std::vector<std::vector<std::string_view>>& ways) const {
  if (!is_made_ || ways.empty()) return false;
  return std::none_of(ways.begin(), ways.end(), [&](const auto& words) {
    return std::all_of(words.begin(), words.end(), [&](std::string_view word) { return may_hold(word); });
  });
}

std::int64_t WordFilter::data_version() {
  if (!version_query_) version_query_.emplace(database_, "PRAGMA data_version");
  version_query_->step();
  const std::int64_t version = version_query_->integer(0);
  while (version_query_->step()) {
  }
  return version;
}

}  // namespace crm
