#include "filter/comparison.h"

#include <iterator>
#include <string>
#include <utility>

#include "base/text.h"

namespace crm {
namespace {

constexpr std::int64_t kSecondsPerDay = 86400;
constexpr std::int64_t kDecimalUnit = 10000;

bool is_constant(const ConditionNode& node) {
  return node.kind == NodeKind::constant;
}
std::int64_t number(const ConditionNode& constant_node) {
  return *integer_of(constant_node.value);
}

ConditionNode binary(NodeKind kind, ConditionNode left, ConditionNode right) {
  ConditionNode node{kind, ValueType::boolean, nullptr, {}, {}};
  node.parts.push_back(std::move(left));
  node.parts.push_back(std::move(right));
  return node;
}

Date date_of(const ConditionNode& day) {
  return parse_iso_date(*text_of(day.value)).value_or(Date{});
}

Date next_day(Date day) {
  return Date(std::chrono::sys_days(day) + std::chrono::days(1));
}

ConditionNode beginning(Date day, const TimeZone& zone) {
  return constant(ValueType::moment, std::int64_t{zone.to_moment({day, {}}).time_since_epoch().count()});
}

bool is_ordering(NodeKind kind) {
  return kind != NodeKind::equal && kind != NodeKind::not_equal;
}

bool is_number(ValueType type) {
  return type == ValueType::integer || type == ValueType::money || type == ValueType::decimal;
}

}  // namespace

std::size_t node_count(const ConditionNode& node) {
  std::size_t count = 1;
  for (const ConditionNode& part : node.parts) count += node_count(part);
  return count;
}

NodeKind mirrored(NodeKind comparison) {
  switch (comparison) {
    case NodeKind::less:
      return NodeKind::greater;
    case NodeKind::less_equal:
      return NodeKind::greater_equal;
    case NodeKind::greater:
      return NodeKind::less;
    case NodeKind::greater_equal:
      return NodeKind::less_equal;
    default:
      return comparison;
  }
}

ConditionNode negated(ConditionNode condition) {
  if (condition.kind == NodeKind::negation) {
    ConditionNode inner = std::move(condition.parts.front());
    return inner;
  }
  ConditionNode node{NodeKind::negation, ValueType::boolean, nullptr, {}, {}};
  node.parts.push_back(std::move(condition));
  return node;
}

ConditionNode joined_nodes(NodeKind kind, std::vector<ConditionNode> parts) {
  if (parts.size() == 1) return std::move(parts.front());
  ConditionNode node{kind, ValueType::boolean, nullptr, {}, {}};
  for (ConditionNode& part : parts) {
    if (part.kind == kind) {
      std::move(part.parts.begin(), part.parts.end(), std::back_inserter(node.parts));
    } else {
      node.parts.push_back(std::move(part));
    }
  }
  return node;
}

ConditionNode Comparer::compare(NodeKind kind, ConditionNode left, ConditionNode right,
                                const Expr& at) const {
  const bool day_left = left.type == ValueType::date && is_constant(left);
  const bool day_right = right.type == ValueType::date && is_constant(right);
  if (day_left && right.type == ValueType::moment) return compare_day(mirrored(kind), std::move(right), left);
  if (day_right && left.type == ValueType::moment) return compare_day(kind, std::move(left), right);
  if (left.type == ValueType::date && right.type == ValueType::moment)
    right = as_type(std::move(right), left.type, at);
  if (right.type == ValueType::date && left.type == ValueType::moment)
    left = as_type(std::move(left), right.type, at);
  if (is_constant(left) && !is_constant(right))
    return compare(mirrored(kind), std::move(right), std::move(left), at);

  if (is_ordering(kind)) require_order(left, at);
  if (left.type == ValueType::tags || left.type == ValueType::refs) {
    if (right.type != ValueType::text || !is_constant(right))
      operands_.fail(at, type_name(left.type) + " is compared with a text");
    const NodeKind test = left.type == ValueType::tags ? NodeKind::has_tag : NodeKind::has_ref;
    ConditionNode node{test, ValueType::boolean, nullptr, std::move(right.value), {}};
    return kind == NodeKind::equal ? node : negated(std::move(node));
  }
  if (is_number(left.type) && is_number(right.type)) {
    if (left.type == ValueType::money && right.type == ValueType::integer && is_constant(right)) {
      std::int64_t scaled = 0;
      if (__builtin_mul_overflow(number(right), kDecimalUnit, &scaled))
        operands_.fail(at, "the number is too large");
      right = constant(ValueType::decimal, scaled);
    }
    if (right.type == ValueType::decimal) return compare_decimal(kind, std::move(left), std::move(right));
  }
  if (left.type == ValueType::boolean && right.type == left.type)
    return compare_boolean(kind, std::move(left), std::move(right));
  if (left.type != right.type ||
      (left.type == ValueType::reference && left.field->target != right.field->target)) {
    const bool unquoted_date = left.type == ValueType::moment && right.type == ValueType::integer;
    operands_.fail(at, type_name(left.type) + " cannot be compared with " + type_name(right.type),
                   unquoted_date ? "a date is written as '2026-03-01', in quotes" : "");
  }
  if (!is_ordering(kind)) use_key(left, right, kind == NodeKind::not_equal);
  return binary(kind, std::move(left), std::move(right));
}

// A moment against the days: within, before, after it.
ConditionNode Comparer::compare_day(NodeKind kind, ConditionNode left, const ConditionNode& day) const {
  const Date date = date_of(day);
  ConditionNode begin = beginning(date, context_.zone);
  ConditionNode end = beginning(next_day(date), context_.zone);
  switch (kind) {
    case NodeKind::less:
      return binary(NodeKind::less, std::move(left), std::move(begin));
    case NodeKind::less_equal:
      return binary(NodeKind::less, std::move(left), std::move(end));
    case NodeKind::greater:
      return binary(NodeKind::greater_equal, std::move(left), std::move(end));
    case NodeKind::greater_equal:
      return binary(NodeKind::greater_equal, std::move(left), std::move(begin));
    default:
      break;
  }
  const bool within = kind == NodeKind::equal;
  std::vector<ConditionNode> parts;
  parts.push_back(binary(within ? NodeKind::greater_equal : NodeKind::less, left, std::move(begin)));
  parts.push_back(binary(within ? NodeKind::less : NodeKind::greater_equal, std::move(left), std::move(end)));
  return joined_nodes(within ? NodeKind::all : NodeKind::any, std::move(parts));
}

// Amounts keep the decimal: only the record's currency says what it is in minor units.
ConditionNode Comparer::compare_decimal(NodeKind kind, ConditionNode left, ConditionNode right) const {
  if (left.type != ValueType::integer) return binary(kind, std::move(left), std::move(right));
  // No whole number equals it: false, but null for an absent one.
  if (!is_ordering(kind)) {
    ConditionNode same = left;
    return binary(kind == NodeKind::equal ? NodeKind::not_equal : NodeKind::equal, std::move(left),
                  std::move(same));
  }
  const bool up = kind == NodeKind::greater || kind == NodeKind::greater_equal;
  return binary(up ? NodeKind::greater : NodeKind::less_equal, std::move(left),
                constant(ValueType::integer, scaled_amount(number(right), 0).minor));
}

ConditionNode Comparer::compare_boolean(NodeKind kind, ConditionNode left, ConditionNode right) const {
  if (is_constant(right))
    return (number(right) != 0) == (kind == NodeKind::equal) ? std::move(left) : negated(std::move(left));
  // The larger one first keeps the parser's stack low.
  if (node_count(right) > node_count(left)) std::swap(left, right);
  return binary(kind, std::move(left), std::move(right));
}

// Phones and e-mails are equal when their keys are. One whose key could not be made counts as different.
void Comparer::use_key(ConditionNode& left, ConditionNode& right, bool unequal) const {
  if (left.kind != NodeKind::field || !is_constant(right) || left.field->custom) return;
  std::optional<std::string> key;
  if (left.field->type == FieldType::email) key = email_key(*text_of(right.value));
  if (left.field->type == FieldType::phone && context_.phone_key)
    key = context_.phone_key(*text_of(right.value));
  if (!key || key->empty()) return;
  right.value = std::move(*key);
  ConditionNode typed = left;
  left.kind = NodeKind::key;
  if (!unequal) return;
  ConditionNode either{NodeKind::coalesce, ValueType::text, nullptr, {}, {}};
  either.parts.push_back(std::move(left));
  either.parts.push_back(std::move(typed));
  left = std::move(either);
}

void Comparer::require_order(const ConditionNode& node, const Expr& at) const {
  std::string what;
  switch (node.type) {
    case ValueType::boolean:
      what = "conditions have";
      break;
    case ValueType::reference:
    case ValueType::record:
      what = "records have";
      break;
    case ValueType::tags:
      what = "tags have";
      break;
    case ValueType::refs:
      what = "references have";
      break;
    default:
      if (node.field == nullptr) return;
      if (node.field->type == FieldType::choice) what = "the values of " + quoted(node.field->name) + " have";
      if (node.field->type == FieldType::stage) what = "stages have";
  }
  if (!what.empty()) operands_.fail(at, what + " no order", "compare with = or in");
}

ConditionNode Comparer::as_type(ConditionNode node, ValueType type, const Expr& at) const {
  if (node.type == type) return node;
  if (is_constant(node)) {
    if (node.type == ValueType::date && type == ValueType::moment)
      return beginning(date_of(node), context_.zone);
    if (node.type == ValueType::moment && type == ValueType::date) {
      return constant(ValueType::date,
                      format_date(context_.zone.to_local(Moment(std::chrono::seconds(number(node)))).date));
    }
    if (node.type == ValueType::decimal && type == ValueType::money) {
      if (number(node) == 0) return constant(ValueType::money, std::int64_t{0});
      operands_.fail(at, "an amount is needed, not a number", "only 0 is the same in every currency");
    }
    if (node.type == ValueType::decimal && type == ValueType::integer)
      operands_.fail(at, "a whole number is needed here");
  }
  operands_.fail(at, "this is " + type_name(node.type) + " where " + type_name(type) + " is needed");
}

ConditionNode Comparer::sum(ConditionNode left, ConditionNode right, bool minus, const Expr& at) const {
  const auto is_time = [](const ConditionNode& node) {
    return node.type == ValueType::moment || (node.type == ValueType::date && is_constant(node));
  };
  if (!minus && is_time(right) && left.type == ValueType::duration) std::swap(left, right);
  const bool shift = is_time(left) && right.type == ValueType::duration;
  const bool difference = minus && is_time(left) && is_time(right);
  const bool alike =
      left.type == right.type &&
      (left.type == ValueType::integer || left.type == ValueType::duration || left.type == ValueType::money);
  if (!shift && !difference && !alike) {
    operands_.fail(at,
                   std::string(minus ? "'-'" : "'+'") + " does not take " + type_name(left.type) + " and " +
                       type_name(right.type),
                   "it takes times and durations, two numbers or two amounts");
  }
  if (shift && left.type == ValueType::date && is_constant(right) && number(right) % kSecondsPerDay == 0) {
    const std::chrono::days days(number(right) / kSecondsPerDay * (minus ? -1 : 1));
    const Date moved = std::chrono::sys_days(date_of(left)) + days;
    if (int(moved.year()) < 1 || int(moved.year()) > 9999) operands_.fail(at, "the date is out of range");
    return constant(ValueType::date, format_date(moved));
  }
  if (left.type == ValueType::date) left = as_type(std::move(left), ValueType::moment, at);
  if (right.type == ValueType::date) right = as_type(std::move(right), ValueType::moment, at);
  ConditionNode node{NodeKind::sum, difference ? ValueType::duration : left.type, nullptr, {}, {}};
  node.parts.push_back(std::move(left));
  if (minus) {
    ConditionNode taken{NodeKind::minus, right.type, nullptr, {}, {}};
    taken.parts.push_back(std::move(right));
    right = std::move(taken);
  }
  node.parts.push_back(std::move(right));
  return folded_sum(std::move(node), at);
}

namespace {

// The parts of nested sums in one row, those that are taken away wrapped in `minus`.
void flatten(ConditionNode node, bool minus, std::vector<ConditionNode>& added,
             std::vector<ConditionNode>& taken) {
  if (node.kind == NodeKind::minus) {
    flatten(std::move(node.parts.front()), !minus, added, taken);
  } else if (node.kind == NodeKind::sum) {
    for (ConditionNode& part : node.parts) flatten(std::move(part), minus, added, taken);
  } else {
    (minus ? taken : added).push_back(std::move(node));
  }
}

}  // namespace

// One row of added parts, one constant, and the parts taken away: nesting of the text leaves none in the
// tree.
ConditionNode Comparer::folded_sum(ConditionNode sum, const Expr& at) const {
  std::vector<ConditionNode> added;
  std::vector<ConditionNode> taken;
  ConditionNode whole{NodeKind::sum, sum.type, nullptr, {}, {}};
  flatten(std::move(sum), false, added, taken);
  std::int64_t total = 0;
  for (ConditionNode& part : added) {
    if (!is_constant(part)) {
      whole.parts.push_back(std::move(part));
    } else if (__builtin_add_overflow(total, number(part), &total)) {
      operands_.fail(at, "the number is too large");
    }
  }
  const bool any_added = !whole.parts.empty();
  std::vector<ConditionNode> minus;
  for (ConditionNode& part : taken) {
    if (!is_constant(part)) {
      minus.push_back({NodeKind::minus, part.type, nullptr, {}, {}});
      minus.back().parts.push_back(std::move(part));
    } else if (__builtin_sub_overflow(total, number(part), &total)) {
      operands_.fail(at, "the number is too large");
    }
  }
  if (!any_added && minus.empty()) return constant(whole.type, total);
  if (total != 0 || !any_added) whole.parts.insert(whole.parts.begin(), constant(whole.type, total));
  std::move(minus.begin(), minus.end(), std::back_inserter(whole.parts));
  return whole;
}

}  // namespace crm
