#include <algorithm>
#include <utility>

#include "base/text.h"
#include "crm/error.h"
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

void check_mapped_stage(Kind of, const Process& process, const ColumnTarget& target,
                        const MappedValue& value) {
  if (target.field == nullptr || target.field->type != FieldType::stage || value.to.empty()) return;
  const std::string word = folded(value.to);
  std::vector<std::string> names;
  for (const Entity& kind : entities()) {
    if (of != Kind::stage_change && of != kind.kind) continue;
    for (const Stage& stage : process.stages_of(kind.kind)) {
      if (word == folded(stage.name) || word == folded(stage.label_en) || word == folded(stage.label_zh))
        return;
      names.push_back(stage.name);
    }
  }
  if (of != Kind::stage_change && (word == "won" || word == "lost")) return;
  const auto near = nearest(value.to, names);
  throw Error(ErrorCode::invalid,
              "the mapping makes " + quoted(value.from) + " the stage " + quoted(value.to) +
                  ", which the workflow does not have",
              near ? "did you mean " + quoted(*near) + "?" : "it has " + listed(names))
      .about_field(std::string(target.field->name));
}

}  // namespace crm
