#include "filter/condition.h"

#include <utility>

namespace crm {

Condition all_of(std::vector<Condition> conditions) {
  Condition whole = std::move(conditions.front());
  if (conditions.size() == 1) return whole;
  ConditionNode all{NodeKind::all, ValueType::boolean, nullptr, {}, {}};
  all.parts.push_back(std::move(whole.root));
  for (std::size_t i = 1; i < conditions.size(); ++i) all.parts.push_back(std::move(conditions[i].root));
  whole.root = std::move(all);
  return whole;
}

ScaledAmount scaled_amount(std::int64_t ten_thousandths, int exponent) {
  std::int64_t divisor = 1;
  for (int i = exponent; i < 4; ++i) divisor *= 10;
  const std::int64_t rest = ten_thousandths % divisor;
  return {ten_thousandths / divisor - (rest < 0 ? 1 : 0), rest == 0};
}

}  // namespace crm
