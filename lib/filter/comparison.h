// Comparisons and sums of checked values: part of the check.
#pragma once

#include <vector>

#include "filter/check.h"
#include "filter/operand.h"

namespace crm {

// What a comparison becomes when its sides change places.
NodeKind mirrored(NodeKind comparison);
// Of the tree under the node, itself included.
std::size_t node_count(const ConditionNode& node);
ConditionNode negated(ConditionNode condition);
// All or any of the conditions; one alone stays itself, those of the same kind become one.
ConditionNode joined_nodes(NodeKind kind, std::vector<ConditionNode> parts);

class Comparer {
 public:
  Comparer(const OperandReader& operands, const FilterContext& context)
      : operands_(operands), context_(context) {}

  // The comparison as nodes that mean the same in SQL and in the evaluator. `at` is where messages point.
  ConditionNode compare(NodeKind kind, ConditionNode left, ConditionNode right, const Expr& at) const;
  // left + right, or left - right.
  ConditionNode sum(ConditionNode left, ConditionNode right, bool minus, const Expr& at) const;
  // The value as one of that type; a constant day may become a moment (its beginning), a constant moment a
  // day.
  ConditionNode as_type(ConditionNode node, ValueType type, const Expr& at) const;

 private:
  ConditionNode compare_day(NodeKind kind, ConditionNode left, const ConditionNode& day) const;
  ConditionNode compare_decimal(NodeKind kind, ConditionNode left, ConditionNode right) const;
  ConditionNode compare_boolean(NodeKind kind, ConditionNode left, ConditionNode right) const;
  void use_key(ConditionNode& left, ConditionNode& right, bool whole) const;
  void require_order(const ConditionNode& node, const Expr& at) const;
  ConditionNode folded_sum(ConditionNode sum, const Expr& at) const;

  const OperandReader& operands_;
  const FilterContext& context_;
};

}  // namespace crm
