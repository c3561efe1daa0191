// A condition as SQL over the row `r` of its kind's table. No text of the user's is in the SQL: all values
// are bound.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "crm/kind.h"
#include "crm/value.h"
#include "filter/condition.h"

namespace crm {

struct SqlCondition {
  std::string sql;            // stands alone or between ANDs
  std::vector<Value> params;  // of $first, $first+1, …
};

// The engine's condition that the search text of the row `r` of that kind holds the words; parameters count
// from `first`.
using SearchRenderer = std::function<SqlCondition(Kind kind, const std::string& words, int first)>;

// Parameters count from `first`; without `search`, that of SQLite's search index (search.h).
// Throws Error{invalid} for changed() and was(), which only the evaluator can answer, and where the SQL would
// exceed 256 KiB.
SqlCondition render(const Condition& condition, int first = 1, const SearchRenderer& search = {});

// The SQL of one value of the row `r`: a column, or a derived field's expression in which `now` stands for
// `:now` (such as "$3").
std::string field_sql(const Field& field, const std::string& now);

}  // namespace crm
