// What a person types into a search, as a query of the search text (base/text.h's search_text).
#pragma once

#include <string>
#include <string_view>

#include "crm/kind.h"
#include "filter/render.h"

namespace crm {

// The FTS5 query for the words: each Latin word or number as a prefix, each run of Chinese characters as a
// phrase, all of them required: "张伟 acme" → `"张 伟" AND "acme"*`. Empty where there is nothing to look
// for.
std::string fts5_query(std::string_view words);

// The condition on SQLite's search index (table search_index, rowid kind * 2^48 + id). Nothing to look for:
// false.
SqlCondition fts5_condition(Kind kind, const std::string& words, int first);

// The same answer from a record's search text.
bool search_matches(std::string_view words, std::string_view search_text);

}  // namespace crm
