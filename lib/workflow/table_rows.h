// Tables of rows with conditions (`assign`, `score`, `level`, `recycle`, `sla`), of which the first that
// matches counts: what is the same for all of them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "filter/expression.h"
#include "workflow/map_reader.h"
#include "workflow/sections.h"

namespace crm {

inline constexpr std::size_t kMaxRows = 1000;

// Reads the conditions of a table, row by row.
class RowConditions {
 public:
  RowConditions(Kind kind, Reading& reading) : kind_(kind), reading_(reading) {}

  // The row's `when` as written; empty for every record. Reports what is wrong with it, and a row that one
  // before it always shadows. A row that does not `decide` what it matches shadows none.
  std::string read(const Node& row, const MapReader& map, bool decides = true);

 private:
  struct Earlier {
    int line;
    std::optional<Expr> condition;  // none: every record
  };

  const Kind kind_;
  Reading& reading_;
  std::vector<Earlier> earlier_;
};

// The rows, at most kMaxRows; more are reported.
std::span<const Node> rows_of(const Node& node, const std::string& what, Faults& faults);

}  // namespace crm
