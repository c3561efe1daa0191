// Rows of a table that are no records: sums of the rows above them (合计, 总计, Total), the headings once
// more, and what programs put under a table (whose report it is, who made it, whose right it is).
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
  TotalRows(const ColumnPlan& plan, const RowSource& source) : plan_(plan), source_(source) {}

  // Whether the row is the headings once more; says that it is a total, and holds nothing but figures
  // besides; or may be part of what stands under the table. The last two are kept back: they are none for
  // certain where no other row follows, and a total also where its word is nobody's name.
  bool hold(const InputRow& row);
  bool any() const { return !held_.empty(); }
  // The rows kept back that another row followed: they are as any other.
  struct Held {
    InputRow row;
    std::vector<std::string> cells;
    bool footer = false;
  };
  std::deque<Held> release();
  // The table has ended: those of the rows kept back that are records after all.
  std::deque<Held> finish();
  // How many rows were none, then.
  std::int64_t totals() const;
  std::int64_t headings() const { return headings_; }
  std::int64_t footers() const;

 private:
  bool are_headings(const InputRow& row) const;
  bool is_figure(std::size_t column, std::string_view text, bool certain) const;
  bool hold_total(const InputRow& row, std::size_t label);
  bool may_be_footer(const InputRow& row, std::size_t label) const;
  void keep_back(const InputRow& row, bool footer);

  const ColumnPlan& plan_;
  const RowSource& source_;
  std::deque<Held> held_;
  std::int64_t certain_ = 0;
  std::int64_t headings_ = 0;
};

}  // namespace crm
