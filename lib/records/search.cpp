#include "crm/search.h"

#include <algorithm>

#include "base/han.h"
#include "base/text.h"
#include "filter/search.h"
#include "records/filter_context.h"
#include "records/word_search.h"

namespace crm {
namespace {

// How many of a kind are ranked at least.
constexpr std::int64_t kFewestRanked = 100;

struct Candidate {
  SearchHit hit;
  std::int64_t updated_at = 0;
};

std::string without_spaces(std::string text) {
  text.erase(std::remove(text.begin(), text.end(), ' '), text.end());
  return text;
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
      int best = 0;
      bool is_full = true;
      for (std::string_view rest = std::string_view(readings).substr(1); !rest.empty(); is_full = !is_full) {
        const std::size_t end = std::min(rest.find(' '), rest.size());
        const std::string_view reading = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (reading == joined_) best = std::max(best, is_full ? 80 : 70);
        if (is_full && reading.starts_with(joined_)) best = std::max(best, 50);
      }
      if (best > 0) return best;
      readings.clear();
      append_inner_readings(readings, name);
      if (search_matches(joined_, readings)) return 45;
    }
    if (plain.starts_with(joined_)) return 60;
    return search_matches(words_, text) ? 40 : 0;
  }

 private:
  std::string words_, joined_;
};

}  // namespace

SearchResult search(Session& session, std::string_view words, std::int64_t limit) {
  SearchResult result;
  for (const Entity& kind : entities()) {
    if (kind.searchable) refuse_concealed_search(session, session.view(kind.kind), words);
  }
  const FoundRecords all = find_by_words(session, words, std::max(kFewestRanked, limit));
  result.more = all.more;
  const Ranking ranking(words);
  std::vector<Candidate> found;
  for (const FoundRecord& one : all.records)
    found.push_back({{one.id, ranking.rank(one.name)}, one.updated_at});
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
