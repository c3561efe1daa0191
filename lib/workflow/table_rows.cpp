#include "workflow/table_rows.h"

#include <algorithm>

#include "crm/error.h"
#include "filter/parse.h"
#include "workflow/implication.h"

namespace crm {
namespace {

// Nothing where it is no expression; the checker says why.
std::optional<Expr> parsed(const std::string& text) {
  try {
    return parse_expression(text).root;
  } catch (const Error&) {
    return std::nullopt;
  }
}

// Holding every row against every other: beyond so many a table is no longer read by people.
constexpr std::size_t kMostCompared = 300;

}  // namespace

std::string RowConditions::read(const Node& row, const MapReader& map, bool decides) {
  const auto text = map.text("when");
  std::optional<Expr> condition;
  if (text) {
    check_condition(*map.find("when"), kind_, ExpressionUse::schedule, reading_);
    condition = parsed(*text);
  }
  const bool unreadable = text && !condition;
  for (const Earlier& one : earlier_) {
    const bool shadowed =
        !one.condition || (condition && implies(*condition, *one.condition, reading_.comparing));
    if (!shadowed || unreadable) continue;
    reading_.faults.add(
        row,
        "this row never counts: the one in line " + std::to_string(one.line) + " takes all that it could",
        "put the narrower condition first");
    break;
  }
  if (decides && !unreadable && earlier_.size() < kMostCompared)
    earlier_.push_back({row.line, std::move(condition)});
  return text.value_or("");
}

std::span<const Node> rows_of(const Node& node, const std::string& what, Faults& faults) {
  const std::span<const Node> items = items_of(node, what, faults);
  if (items.size() > kMaxRows) faults.add(items[kMaxRows], "more than " + std::to_string(kMaxRows) + " rows");
  return items.first(std::min(items.size(), kMaxRows));
}

}  // namespace crm
