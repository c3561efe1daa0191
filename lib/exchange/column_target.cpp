#include <algorithm>
#include <utility>

#include "exchange/column_plan.h"

namespace crm {
namespace {

// A row that is passed over may have faults; an amount is read in the record's currency, a stage change looks
// at the row's own stage.
int reading_rank(const ColumnTarget& target) {
  if (target.part == ColumnTarget::Part::leave_out) return 0;
  if (target.part == ColumnTarget::Part::stage_change) return 4;
  if (target.already == ColumnTarget::Already::keep || target.already == ColumnTarget::Already::over)
    return 3;
  return target.field != nullptr && target.field->type == FieldType::currency ? 1 : 2;
}

}  // namespace

bool is_read_before(const ColumnTarget& a, const ColumnTarget& b) {
  return std::pair(reading_rank(a), a.order) < std::pair(reading_rank(b), b.order);
}

const ColumnTarget* ColumnPlan::find(ColumnTarget::Part part) const {
  const auto found = std::find_if(targets.begin(), targets.end(),
                                  [&](const ColumnTarget& target) { return target.part == part; });
  return found == targets.end() ? nullptr : &*found;
}

const ColumnTarget* ColumnPlan::find_field(std::string_view name) const {
  const auto found = std::find_if(targets.begin(), targets.end(), [&](const ColumnTarget& target) {
    return target.field != nullptr && target.field->name == name;
  });
  return found == targets.end() ? nullptr : &*found;
}

}  // namespace crm
