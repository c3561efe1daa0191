#include "output/column_widths.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

using namespace crm::cmd;

namespace {

std::size_t line_width(const std::vector<std::size_t>& cells) {
  std::size_t sum = 0;
  for (const std::size_t width : cells) {
    if (width > 0) sum += width + (sum > 0 ? kColumnGap : 0);
  }
  return sum;
}

using Cells = std::vector<std::size_t>;

}  // namespace

TEST_CASE("whatever the columns, their line fits, and what is not cut keeps its cells") {
  std::mt19937 random(20260302);
  const auto below = [&](std::size_t most) { return random() % most; };
  for (int round = 0; round < 2000; ++round) {
    std::vector<ColumnNeed> needs(1 + below(18));
    std::size_t spare = 0;
    for (ColumnNeed& need : needs) {
      need = {1 + below(15), below(40), below(4) == 0, below(3) == 0, 0};
      if (below(3) == 0) need.spare = ++spare;
    }
    const std::size_t width = 20 + below(150);
    const Cells cells = fit_columns(needs, width);
    REQUIRE(cells.size() == needs.size());
    const auto left = std::count_if(cells.begin(), cells.end(), [](std::size_t one) { return one > 0; });
    CHECK((line_width(cells) <= width || left == 1));
    for (std::size_t i = 0; i < cells.size(); ++i) {
      CHECK(cells[i] <= std::max(needs[i].heading, needs[i].content));
      if (needs[i].whole && cells[i] > 0) CHECK(cells[i] >= needs[i].content);
    }
  }
}

TEST_CASE("long text gives way first, then other text, then spare columns, then headings of numbers") {
  const ColumnNeed id{2, 4, false, true, 0}, name{4, 20, false, false, 0}, note{4, 40, true, false, 0},
      count{14, 3, false, true, 0}, extra{6, 10, false, true, 1};
  const std::vector<ColumnNeed> needs{id, name, note, count, extra};
  CHECK(fit_columns(needs, 200) == Cells{4, 20, 40, 14, 10});
  CHECK(fit_columns(needs, 80) == Cells{4, 20, 24, 14, 10});
  CHECK(fit_columns(needs, 62) == Cells{4, 14, 12, 14, 10});
  CHECK(fit_columns(needs, 50) == Cells{4, 14, 12, 14, 0});
  CHECK(fit_columns(needs, 40) == Cells{4, 10, 10, 10, 0});
  CHECK(fit_columns(needs, 26) == Cells{4, 6, 6, 4, 0});
  CHECK(fit_columns(needs, 20) == Cells{4, 6, 6, 0, 0});
}

TEST_CASE("the first column stays, whatever the width") {
  CHECK(fit_columns(std::vector<ColumnNeed>{{2, 9, false, true, 0}, {2, 9, false, true, 0}}, 5) ==
        Cells{9, 0});
  CHECK(fit_columns({}, 5).empty());
}
