#include "filter/search.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/text.h"

namespace crm {
namespace {

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const std::size_t space = text.find(' ');
    if (space != 0) words.push_back(text.substr(0, space));
    if (space == std::string_view::npos) break;
    text.remove_prefix(space + 1);
  }
  return words;
}

bool stands_apart(std::string_view word) {
  return is_cjk(next_character(word));
}

// One thing to look for: a word's beginning, or characters that follow one another.
struct Sought {
  std::vector<std::string_view> words;
  bool prefix = false;
};

std::vector<Sought> sought(std::string_view search_text) {
  std::vector<Sought> all;
  bool in_phrase = false;
  for (const std::string_view word : words_of(search_text)) {
    const bool character = stands_apart(word);
    if (character && in_phrase) {
      all.back().words.push_back(word);
    } else {
      all.push_back({{word}, !character});
    }
    in_phrase = character;
  }
  return all;
}

}  // namespace

std::string fts5_query(std::string_view words) {
  const std::string text = search_text(words);
  std::string query;
  for (const Sought& part : sought(text)) {
    query += query.empty() ? "\"" : " AND \"";
    // Search text is letters and digits: nothing in it ends the quotes.
    for (std::size_t i = 0; i < part.words.size(); ++i) {
      if (i > 0) query += ' ';
      query += part.words[i];
    }
    query += part.prefix ? "\"*" : "\"";
  }
  return query;
}

SqlCondition fts5_condition(Kind kind, const std::string& words, int first) {
  std::string query = fts5_query(words);
  if (query.empty()) return {"1 = 0", {}};
  constexpr int kIdBits = 48;
  const std::int64_t base = static_cast<std::int64_t>(kind) << kIdBits;
  const std::int64_t last = base + ((std::int64_t{1} << kIdBits) - 1);
  return {"r.id IN (SELECT s.rowid - " + std::to_string(base) +
              " FROM search_index s WHERE s.search_index MATCH $" + std::to_string(first) +
              " AND s.rowid BETWEEN " + std::to_string(base) + " AND " + std::to_string(last) + ")",
          {Value(std::move(query))}};
}

bool search_matches(std::string_view words, std::string_view record_text) {
  const std::string text = search_text(words);
  const std::vector<Sought> all = sought(text);
  const std::vector<std::string_view> present = words_of(record_text);
  const auto is_found = [&](const Sought& part) {
    if (part.prefix) {
      return std::any_of(present.begin(), present.end(),
                         [&](std::string_view word) { return word.starts_with(part.words.front()); });
    }
    return std::search(present.begin(), present.end(), part.words.begin(), part.words.end()) != present.end();
  };
  return !all.empty() && std::all_of(all.begin(), all.end(), is_found);
}

}  // namespace crm
