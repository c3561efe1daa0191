// How a table's columns share the width of a terminal.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace crm::cmd {

inline constexpr std::size_t kColumnGap = 2;  // cells between columns

struct ColumnNeed {
  std::size_t heading = 0;  // cells that the heading takes
  std::size_t content = 0;  // cells that the widest value takes
  bool wide = false;        // long text: cut first
  bool whole = false;       // its values are never cut: numbers, moments
  std::size_t spare = 0;  // where room lacks, the columns with 1, 2, … are left out in this order; 0: stays
};

// Cells for each column, none for one that is left out, so that a line fits into `width`: long text is cut
// first, then other text, then spare columns are left out, then headings of numbers cut; where even that is
// too much, columns are left out from the right. The first stays always.
std::vector<std::size_t> fit_columns(std::span<const ColumnNeed> needs, std::size_t width);

}  // namespace crm::cmd
