#include "crm/search.h"

#include <algorithm>

#include "base/han.h"
#include "base/text.h"
#include "filter/search.h"
#include "records/rights.h"
#include "records/write_record.h"

namespace crm {
namespace {

// How many of a kind are ranked.
constexpr std::int64_t kMostRanked = 200;

struct Candidate {
  SearchHit hit;
  std::int64_t updated_at = 0;
};

std::string without_spaces(std::string text) {
  text.erase(std::remove(text.begin(), text.end(), ' '), text.end());
  return text;
}

bool is_latin(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c >= 'a' && c <= 'z') || c == ' '; });
}

// "zhang wei" is also a name that was typed in two words.
std::string query_of(std::string_view words) {
  const std::string query = fts5_query(words);
  const std::string text = search_text(words);
  if (!is_latin(text) || text.find(' ') == std::string::npos) return query;
  return "(" + query + ") OR \"" + without_spaces(text) + "\"*";
}

class Ranking {
 public:
  explicit Ranking(std::string_view words) : words_(search_text(words)), joined_(without_spaces(words_)) {}

  int rank(std::string_view name) const {
    const std::string text = search_text(name);
    const std::string plain = without_spaces(text);
    if (plain == joined_) return 100;
    std::string readings;
    append_name_readings(readings, name);
    if (!readings.empty()) {
      const std::size_t space = readings.find(' ', 1);
      const std::string_view full = std::string_view(readings).substr(1, space - 1);
      const std::string_view initials = std::string_view(readings).substr(space + 1);
      if (full == joined_) return 80;
      if (initials == joined_) return 70;
      if (full.starts_with(joined_)) return 50;
    }
    if (plain.starts_with(joined_)) return 60;
    return search_matches(words_, text) ? 40 : 0;
  }

 private:
  std::string words_, joined_;
};

// The newest of the kind that have the words.
bool collect(Session& session, const Entity& kind, const std::string& query, const Ranking& ranking,
             std::vector<Candidate>& found) {
  const bool named = session.view(kind.kind).find("name") != nullptr;
  const std::int64_t base = search_key({kind.kind, 0});
  const Param params[] = {query, base, search_key({kind.kind, (std::int64_t{1} << 48) - 1}), kMostRanked + 1};
  std::vector<std::int64_t> ids;
  Connection& connection = *session.state().connection;
  connection.each(
      "SELECT s.rowid - $2 FROM search_index s WHERE s.search_index MATCH $1 AND s.rowid BETWEEN $2 AND $3 "
      "ORDER BY s.rowid DESC LIMIT $4",
      params, [&](const Row& row) { ids.push_back(row.integer(0)); });
  const std::string sql = std::string("SELECT updated_at, ") + (named ? "name" : "''") + " FROM \"" +
                          std::string(kind.table) + "\" r WHERE id = $1 AND deleted_at IS NULL" +
                          visible_sql(session, kind.kind);
  for (const std::int64_t id : ids) {
    const Param one[] = {id};
    connection.each(sql, one, [&](const Row& row) {
      found.push_back({{{kind.kind, id}, named ? ranking.rank(row.text(1)) : 0}, row.integer(0)});
    });
  }
  return static_cast<std::int64_t>(ids.size()) > kMostRanked;
}

}  // namespace

SearchResult search(Session& session, std::string_view words, std::int64_t limit) {
  SearchResult result;
  const std::string query = query_of(words);
  if (query.empty()) return result;
  const Ranking ranking(words);
  std::vector<Candidate> found;
  for (const Entity& kind : entities()) {
    if (kind.searchable) result.more = collect(session, kind, query, ranking, found) || result.more;
  }
  std::stable_sort(found.begin(), found.end(), [](const Candidate& a, const Candidate& b) {
    return a.hit.rank != b.hit.rank ? a.hit.rank > b.hit.rank : a.updated_at > b.updated_at;
  });
  if (static_cast<std::int64_t>(found.size()) > limit) {
    found.resize(static_cast<std::size_t>(limit));
    result.more = true;
  }
  for (const Candidate& one : found) result.hits.push_back(one.hit);
  return result;
}

}  // namespace crm
