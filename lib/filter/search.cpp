#include "filter/search.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/digits.h"
#include "base/phone.h"
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

// `begun`: the last of the words may go on.
bool has_words(std::string_view text, std::string_view words, bool begun) {
  for (std::size_t at = text.find(words); at != std::string_view::npos; at = text.find(words, at + 1)) {
    const std::size_t end = at + words.size();
    const bool begins = at == 0 || text[at - 1] == ' ';
    if (begins && (begun || end == text.size() || text[end] == ' ')) return true;
  }
  return false;
}

bool stands_apart(std::string_view word) {
  return is_cjk(next_character(word));
}

// The shortest number of which the 0 before it is told from a figure of its own: "010 8888".
constexpr std::size_t kShortestDialled = 7;
constexpr std::size_t kLongestNumber = 16;  // ITU-T E.164 has 15 digits, and one more for that 0

Sought as_number(std::string_view digits) {
  return {std::string(digits), true, number_part(digits)};
}

// The groups of a number are found each by itself, or together where they stand in one number.
void read_as_one_number(std::vector<Sought>& all, std::size_t begin, std::size_t end) {
  std::string number;
  for (std::size_t i = begin; i < end; ++i) number += all[i].text;
  if (number.size() > kLongestNumber) return;
  const bool dialled = number.size() >= kShortestDialled && number[0] == '0' && number[1] != '0';
  for (std::size_t i = begin; i < end; ++i) {
    if (end - begin > 1) all[i].instead.push_back(as_number(number));
    if (dialled) all[i].instead.push_back(as_number(std::string_view(number).substr(1)));
  }
}

}  // namespace

bool Sought::is_in(std::string_view search_text) const {
  return has_words(search_text, text, is_prefix) ||
         (!digits.empty() && has_words(search_text, digits, false)) ||
         std::any_of(instead.begin(), instead.end(),
                     [&](const Sought& other) { return other.is_in(search_text); });
}

// Search text is letters and digits: nothing in it ends the quotes.
std::string Sought::fts5_query() const {
  std::string query = '"' + text + (is_prefix ? "\"*" : "\"");
  if (!digits.empty()) query += " OR \"" + digits + '"';
  for (const Sought& other : instead) query += " OR " + other.fts5_query();
  return digits.empty() && instead.empty() ? query : '(' + query + ')';
}

namespace {

// What stands between white space: search_text() makes a word of each Chinese character, and the characters
// of two such pieces are no phrase.
std::vector<std::string_view> pieces_of(std::string_view words) {
  std::vector<std::string_view> pieces;
  const char* begin = nullptr;
  while (!words.empty()) {
    const char* at = words.data();
    if (!is_white_space(next_character(words))) {
      if (begin == nullptr) begin = at;
      continue;
    }
    if (begin != nullptr) pieces.emplace_back(begin, static_cast<std::size_t>(at - begin));
    begin = nullptr;
  }
  if (begin != nullptr) pieces.emplace_back(begin, static_cast<std::size_t>(words.data() - begin));
  return pieces;
}

}  // namespace

std::vector<Sought> sought(std::string_view words) {
  std::vector<Sought> all;
  for (const std::string_view piece : pieces_of(words)) {
    const std::string text = search_text(piece);
    bool in_phrase = false;
    for (const std::string_view word : words_of(text)) {
      const bool character = stands_apart(word);
      if (character && in_phrase) {
        all.back().text += ' ';
        all.back().text += word;
      } else {
        all.push_back({std::string(word), !character, number_part(word)});
      }
      in_phrase = character;
    }
  }
  for (std::size_t begin = 0, end = 0; begin < all.size(); begin = std::max(end, begin + 1)) {
    for (end = begin; end < all.size() && are_digits(all[end].text);) ++end;
    if (end > begin) read_as_one_number(all, begin, end);
  }
  return all;
}

std::string fts5_query(const std::vector<Sought>& all) {
  std::string query;
  for (const Sought& part : all) query += (query.empty() ? "" : " AND ") + part.fts5_query();
  return query;
}

std::string fts5_query(std::string_view words) {
  return fts5_query(sought(words));
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

bool are_in(const std::vector<Sought>& all, std::string_view record_text) {
  return !all.empty() &&
         std::all_of(all.begin(), all.end(), [&](const Sought& part) { return part.is_in(record_text); });
}

bool search_matches(std::string_view words, std::string_view record_text) {
  return are_in(sought(words), record_text);
}

}  // namespace crm
