// What a person types into a search, as a query of the search text (base/text.h's search_text).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "crm/kind.h"
#include "filter/render.h"

namespace crm {

// One of the things that are looked for: a Latin word or number by its beginning, digits also inside a phone
// number, or Chinese characters that follow one another.
struct Sought {
  std::string text;  // one word, or the characters with a space between them
  bool is_prefix = false;
  std::string digits;  // of a number: how any part of a phone number is found (base/phone.h's number_part)
  // Other readings of which one is enough: the number of which this is a group ("415 555", "138-0013"), and
  // a number without the 0 that is dialled before it.
  std::vector<Sought> instead = {};

  bool is_in(std::string_view search_text) const;
  std::string fts5_query() const;
};

// All of them are required. Empty where there is nothing to look for.
std::vector<Sought> sought(std::string_view words);

// The FTS5 query for the words: "张伟 acme 80013" → `"张 伟" AND "acme"* AND ("80013"* OR "·8001 ·0013")`,
// "415 555" → `("415"* OR "415555"* OR …) AND ("555"* OR "415555"* OR …)`. Empty where there is nothing to
// look for.
std::string fts5_query(std::string_view words);
std::string fts5_query(const std::vector<Sought>& all);

// The condition on SQLite's search index (table search_index, rowid kind * 2^48 + id). Nothing to look for:
// false.
SqlCondition fts5_condition(Kind kind, const std::string& words, int first);

// The same answers from a record's search text.
bool are_in(const std::vector<Sought>& all, std::string_view search_text);
bool search_matches(std::string_view words, std::string_view search_text);

}  // namespace crm
