#include "records/verify_search.h"

#include <functional>
#include <string_view>
#include <unordered_map>

#include "base/index_words.h"
#include "records/record_words.h"
#include "records/session_state.h"
#include "records/write_record.h"

namespace crm {
namespace {

// Of a word at its place; the sum over all words of a record tells these apart from others, in any order.
std::uint64_t mark_of(std::string_view word, std::uint64_t place) {
  constexpr std::uint64_t kSpread = 0x9E3779B97F4A7C15;
  return (std::hash<std::string_view>()(word) ^ (place * kSpread)) * kSpread;
}

std::uint64_t sum_of(std::string_view words) {
  std::uint64_t sum = 0, place = 0;
  each_index_word(words, [&](std::string_view word) { sum += mark_of(word, place++); });
  return sum;
}

// Of all words that the index has, by key.
std::unordered_map<std::int64_t, std::uint64_t> indexed_sums(Connection& connection) {
  connection.execute(
      "CREATE VIRTUAL TABLE temp.search_word USING fts5vocab('main', 'search_index', 'instance')", {});
  std::unordered_map<std::int64_t, std::uint64_t> sums;
  connection.each("SELECT doc, term, \"offset\" FROM temp.search_word", {}, [&](const Row& row) {
    sums[row.integer(0)] += mark_of(row.text(1), static_cast<std::uint64_t>(row.integer(2)));
  });
  connection.execute("DROP TABLE temp.search_word", {});
  return sums;
}

}  // namespace

void check_search_index(Session& session, std::vector<std::string>& problems) {
  Connection& connection = *session.state().connection;
  const Transaction transaction(connection, AccessMode::read);  // the index and the records of one moment
  std::unordered_map<std::int64_t, std::uint64_t> indexed = indexed_sums(connection);
  for (const Entity& kind : entities()) {
    if (!kind.searchable) continue;
    const RecordWords& words = *record_words(session, kind.kind);
    std::int64_t count = 0;
    std::string text;
    connection.each("SELECT r.id, " + words.columns() + " FROM \"" + std::string(kind.table) +
                        "\" r WHERE r.deleted_at IS NULL",
                    {}, [&](const Row& row) {
                      text.clear();
                      words.append_words(text, row, 1);
                      const auto found = indexed.find(search_key({kind.kind, row.integer(0)}));
                      const std::uint64_t sum = found == indexed.end() ? 0 : found->second;
                      if (found != indexed.end()) indexed.erase(found);
                      if (sum != sum_of(text)) ++count;
                    });
    if (count > 0) {
      problems.push_back(std::to_string(count) + " " +
                         std::string(count == 1 ? kind.label.en : kind.plural.en) +
                         " cannot be found by a search: 'crm reindex' makes the search index anew");
    }
  }
  if (!indexed.empty()) {
    problems.push_back("the search index has words of " + std::to_string(indexed.size()) +
                       " records that are gone: 'crm reindex' makes it anew");
  }
}

}  // namespace crm
