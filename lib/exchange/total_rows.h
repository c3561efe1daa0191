// Rows that are sums of the rows above them (合计, 总计, Total), which spreadsheets put under a table.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "exchange/column_plan.h"
#include "exchange/row_source.h"

namespace crm {

class TotalRows {
 public:
  explicit TotalRows(const ColumnPlan& plan) : plan_(plan) {}

  // Whether the row says that it is a total, and holds nothing but figures besides: then it is kept back, and
  // is a total for certain where no other row follows, or where its word is nobody's name.
  bool hold(const InputRow& row);
  bool any() const { return !held_.empty(); }
  // The rows kept back that another row followed: they are as any other.
  struct Held {
    InputRow row;
    std::vector<std::string> cells;
  };
  std::deque<Held> release();
  // How many rows were totals, at the end.
  std::int64_t finish();

 private:
  bool is_figure(std::size_t column, std::string_view text) const;

  const ColumnPlan& plan_;
  std::deque<Held> held_;
  std::int64_t certain_ = 0;
};

}  // namespace crm
