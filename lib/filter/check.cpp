#include "filter/check.h"

#include <algorithm>
#include <utility>

#include "base/money.h"
#include "base/text.h"
#include "filter/comparison.h"
#include "filter/operand.h"
#include "filter/search.h"

namespace crm {
namespace {

constexpr std::size_t kMaxSearchWords = 64;

NodeKind node_kind(ExprKind kind) {
  switch (kind) {
    case ExprKind::not_equal:
      return NodeKind::not_equal;
    case ExprKind::less:
      return NodeKind::less;
    case ExprKind::less_equal:
      return NodeKind::less_equal;
    case ExprKind::greater:
      return NodeKind::greater;
    case ExprKind::greater_equal:
      return NodeKind::greater_equal;
    default:
      return NodeKind::equal;
  }
}

bool is_literal(const Expr& expr) {
  return expr.kind == ExprKind::text || expr.kind == ExprKind::number || expr.kind == ExprKind::raw ||
         expr.kind == ExprKind::null;
}

class Checker {
 public:
  Checker(const Expression& expression, const FilterContext& context)
      : context_(context), operands_(expression, context), comparer_(operands_, context) {}

  ConditionNode condition(const Expr& expr) const {
    switch (expr.kind) {
      case ExprKind::conjunction:
        return joined(expr, NodeKind::all);
      case ExprKind::disjunction:
        return joined(expr, NodeKind::any);
      case ExprKind::negation:
        return negated(condition(expr.parts.front()));
      default:
        break;
    }
    ConditionNode node = is_literal(expr) ? operands_.read_alone(expr) : value(expr);
    if (node.type != ValueType::boolean) {
      operands_.fail(expr, "this is " + type_name(node.type) + " where a condition is needed",
                     "compare it with something");
    }
    return node;
  }

 private:
  ConditionNode joined(const Expr& expr, NodeKind kind) const {
    std::vector<ConditionNode> parts;
    for (const Expr& part : expr.parts) parts.push_back(condition(part));
    return joined_nodes(kind, std::move(parts));
  }

  // What is not a literal: those wait for what they stand beside.
  ConditionNode value(const Expr& expr) const {
    switch (expr.kind) {
      case ExprKind::duration:
        return operands_.duration(expr);
      case ExprKind::boolean:
        return constant(ValueType::boolean, std::int64_t{expr.text == "true" ? 1 : 0});
      case ExprKind::now:
        return operands_.now();
      case ExprKind::today:
        return operands_.today();
      case ExprKind::me:
        return operands_.me(expr);
      case ExprKind::field:
        return operands_.field(expr);
      case ExprKind::add:
      case ExprKind::subtract:
        return sum(expr);
      case ExprKind::call:
        return call(expr);
      case ExprKind::in:
        return among(expr);
      case ExprKind::between:
        return between(expr);
      case ExprKind::like:
        return like(expr);
      case ExprKind::contains:
        return contains(expr);
      case ExprKind::is_null:
        return is_null(expr);
      case ExprKind::has_tag:
        return has_tag(expr);
      case ExprKind::search:
        return search(expr);
      case ExprKind::conjunction:
      case ExprKind::disjunction:
      case ExprKind::negation:
        return condition(expr);
      default:
        return compare(node_kind(expr.kind), expr.parts[0], expr.parts[1]);
    }
  }

  ConditionNode settled(const Expr& expr) const {
    return is_literal(expr) ? operands_.read_alone(expr) : value(expr);
  }

  // One side of a comparison may be a literal, which takes the other's type.
  ConditionNode compare(NodeKind kind, const Expr& left, const Expr& right) const {
    for (const Expr* side : {&left, &right}) {
      if (side->kind == ExprKind::null) {
        operands_.fail(*side, "a comparison with null is never true",
                       "absence is tested by 'is null' and 'is not null'");
      }
    }
    if (is_literal(left) && !is_literal(right)) return compare(mirrored(kind), right, left);
    return compare(kind, settled(left), left, right);
  }

  ConditionNode compare(NodeKind kind, ConditionNode left, const Expr& at, const Expr& right) const {
    if (right.kind == ExprKind::field && context_.view->find(right.text) == nullptr) {
      operands_.fail(right, operands_.no_field(right.text),
                     "a text stands in single quotes: " + quoted(right.text));
    }
    ConditionNode second = is_literal(right) ? operands_.read(right, left.type, left.field) : value(right);
    return comparer_.compare(kind, std::move(left), std::move(second), at);
  }

  ConditionNode among(const Expr& expr) const {
    const ConditionNode left = settled(expr.parts.front());
    std::vector<ConditionNode> tests;
    for (std::size_t i = 1; i < expr.parts.size(); ++i) {
      const Expr& item = expr.parts[i];
      if (item.kind == ExprKind::null)
        operands_.fail(item, "null is never in a list", "absence is tested by 'is null'");
      tests.push_back(compare(NodeKind::equal, left, expr.parts.front(), item));
      if (!is_constant(item)) operands_.fail(item, "a list holds constants", "compare with '=' and 'or'");
    }
    return one_of(std::move(tests));
  }

  static bool is_constant(const Expr& expr) {
    switch (expr.kind) {
      case ExprKind::field:
      case ExprKind::call:
        return false;
      default:
        return std::all_of(expr.parts.begin(), expr.parts.end(), is_constant);
    }
  }

  // Equalities of one value with constants as one list, where that is what they are.
  static ConditionNode one_of(std::vector<ConditionNode> tests) {
    const ConditionNode& first = tests.front();
    const bool plain = std::all_of(tests.begin(), tests.end(), [&](const ConditionNode& test) {
      return test.kind == NodeKind::equal && test.parts[1].kind == NodeKind::constant &&
             test.parts[1].type != ValueType::record && test.parts[1].type == first.parts[1].type &&
             test.parts[0].kind == first.parts[0].kind && test.parts[0].kind != NodeKind::constant;
    });
    if (!plain || tests.size() == 1) return joined_nodes(NodeKind::any, std::move(tests));
    ConditionNode list{NodeKind::one_of, ValueType::boolean, nullptr, {}, {}};
    list.parts.push_back(std::move(tests.front().parts[0]));
    for (ConditionNode& test : tests) list.parts.push_back(std::move(test.parts[1]));
    return list;
  }

  ConditionNode between(const Expr& expr) const {
    std::vector<ConditionNode> bounds;
    bounds.push_back(compare(NodeKind::greater_equal, expr.parts[0], expr.parts[1]));
    bounds.push_back(compare(NodeKind::less_equal, expr.parts[0], expr.parts[2]));
    return joined_nodes(NodeKind::all, std::move(bounds));
  }

  // The text that like and contains look for stands in the expression itself.
  const std::string& sought(const Expr& expr, const char* word) const {
    const Expr& right = expr.parts[1];
    if (right.kind != ExprKind::text && right.kind != ExprKind::raw) {
      operands_.fail(right, std::string("'") + word + "' takes a text", "write it in quotes");
    }
    return right.text;
  }

  ConditionNode like(const Expr& expr) const {
    ConditionNode left = settled(expr.parts[0]);
    if (left.type != ValueType::text)
      operands_.fail(expr.parts[0], "'like' looks into a text, this is " + type_name(left.type));
    ConditionNode node{NodeKind::like, ValueType::boolean, nullptr, sought(expr, "like"), {}};
    node.parts.push_back(std::move(left));
    return node;
  }

  ConditionNode contains(const Expr& expr) const {
    ConditionNode left = settled(expr.parts[0]);
    const std::string& text = sought(expr, "contains");
    if (left.type == ValueType::tags) return {NodeKind::has_tag, ValueType::boolean, nullptr, text, {}};
    if (left.type != ValueType::text) {
      operands_.fail(expr.parts[0],
                     "only a text or the tags contain something, this is " + type_name(left.type));
    }
    ConditionNode node{NodeKind::contains, ValueType::boolean, nullptr, text, {}};
    node.parts.push_back(std::move(left));
    return node;
  }

  ConditionNode is_null(const Expr& expr) const {
    ConditionNode left = settled(expr.parts[0]);
    if (left.type == ValueType::tags)
      return negated({NodeKind::has_any_tag, ValueType::boolean, nullptr, {}, {}});
    if (left.type == ValueType::refs)
      return negated({NodeKind::has_any_ref, ValueType::boolean, nullptr, {}, {}});
    ConditionNode node{NodeKind::is_null, ValueType::boolean, nullptr, {}, {}};
    node.parts.push_back(std::move(left));
    return node;
  }

  ConditionNode has_tag(const Expr& expr) const {
    operands_.field({ExprKind::field, "tags", {}, expr.offset});
    return {NodeKind::has_tag, ValueType::boolean, nullptr, expr.text, {}};
  }

  ConditionNode search(const Expr& expr) const {
    const std::string text = search_text(expr.text);
    if (static_cast<std::size_t>(std::count(text.begin(), text.end(), ' ')) >= kMaxSearchWords) {
      operands_.fail(expr, "too many words to search for", "at most " + std::to_string(kMaxSearchWords));
    }
    if (!context_.view->entity().searchable) {
      operands_.fail(expr,
                     "the text of " + std::string(context_.view->entity().plural.en) +
                         " is not searched: " + quoted(expr.text) + " is no condition on a field",
                     "a condition is written as FIELD=VALUE");
    }
    return {NodeKind::search, ValueType::boolean, nullptr, expr.text, {}};
  }

  ConditionNode term(const Expr& expr) const {
    if (!is_literal(expr)) return value(expr);
    if (expr.kind == ExprKind::text) return operands_.read(expr, ValueType::moment, nullptr);
    if (expr.kind == ExprKind::number) return operands_.read(expr, ValueType::integer, nullptr);
    return operands_.read_alone(expr);
  }

  ConditionNode sum(const Expr& expr) const {
    return comparer_.sum(term(expr.parts[0]), term(expr.parts[1]), expr.kind == ExprKind::subtract, expr);
  }

  ConditionNode call(const Expr& expr) const {
    const std::string& name = expr.text;
    if (name == "coalesce") return coalesce(expr);
    const std::size_t wanted = name == "days_between" ? 2 : 1;
    if (expr.parts.size() != wanted) {
      operands_.fail(expr, quoted(name) + " takes " + (wanted == 1 ? "one value" : "two values"));
    }
    if (name == "days_between") return days_between(expr);
    if (name == "changed" || name == "was") return of_change(expr);
    ConditionNode text = settled(expr.parts[0]);
    if (text.type != ValueType::text)
      operands_.fail(expr.parts[0], quoted(name) + " takes a text, this is " + type_name(text.type));
    if (name == "lower" && text.kind == NodeKind::lower) return text;
    ConditionNode node{name == "lower" ? NodeKind::lower : NodeKind::length,
                       name == "lower" ? ValueType::text : ValueType::integer,
                       nullptr,
                       {},
                       {}};
    node.parts.push_back(std::move(text));
    return node;
  }

  ConditionNode of_change(const Expr& expr) const {
    if (!context_.after_change) {
      operands_.fail(expr, quoted(expr.text) + " has no meaning here",
                     "it is for rules that a change sets off");
    }
    if (expr.parts[0].kind != ExprKind::field)
      operands_.fail(expr.parts[0], quoted(expr.text) + " takes the name of a field");
    ConditionNode node = operands_.field(expr.parts[0]);
    if (!node.field->is_stored())
      operands_.fail(expr.parts[0], "no earlier value of " + quoted(node.field->name) + " is kept");
    node.kind = NodeKind::previous;
    if (expr.text == "changed") {
      node.kind = NodeKind::changed;
      node.type = ValueType::boolean;
    }
    return node;
  }

  ConditionNode coalesce(const Expr& expr) const {
    if (expr.parts.size() < 2) operands_.fail(expr, "'coalesce' takes two values or more");
    const auto typed = std::find_if_not(expr.parts.begin(), expr.parts.end(), is_literal);
    if (typed == expr.parts.end()) operands_.fail(expr, "'coalesce' takes a field");
    const ConditionNode model = value(*typed);
    if (model.type == ValueType::record || model.type == ValueType::tags || model.type == ValueType::refs) {
      operands_.fail(*typed, "'coalesce' does not take " + type_name(model.type));
    }
    ConditionNode node{NodeKind::coalesce, model.type, model.field, {}, {}};
    if (node.type == ValueType::date && model.kind == NodeKind::constant) node.type = ValueType::moment;
    for (const Expr& part : expr.parts) append_choice(node, part);
    return node;
  }

  void append_choice(ConditionNode& node, const Expr& part) const {
    ConditionNode next;
    if (part.kind == ExprKind::null) {
      next = constant(node.type, {});
    } else {
      next = is_literal(part) ? operands_.read(part, node.type, node.field) : value(part);
      next = comparer_.as_type(std::move(next), node.type, part);
    }
    if (next.type == ValueType::boolean && next.kind != NodeKind::field && next.kind != NodeKind::constant &&
        next.kind != NodeKind::previous) {
      operands_.fail(part, "'coalesce' takes fields and values, not conditions");
    }
    if (next.kind != NodeKind::coalesce) {
      node.parts.push_back(std::move(next));
      return;
    }
    for (ConditionNode& inner : next.parts) node.parts.push_back(std::move(inner));
  }

  ConditionNode days_between(const Expr& expr) const {
    ConditionNode from = term(expr.parts[0]);
    ConditionNode to = term(expr.parts[1]);
    const auto is_date_value = [](const ConditionNode& node) {
      return node.type == ValueType::date && node.kind != NodeKind::constant;
    };
    const ValueType type = is_date_value(from) || is_date_value(to) ||
                                   (from.type == ValueType::date && to.type == ValueType::date)
                               ? ValueType::date
                               : ValueType::moment;
    ConditionNode node{NodeKind::days_between, ValueType::integer, nullptr, {}, {}};
    node.parts.push_back(comparer_.as_type(std::move(from), type, expr.parts[0]));
    node.parts.push_back(comparer_.as_type(std::move(to), type, expr.parts[1]));
    return node;
  }

  const FilterContext& context_;
  OperandReader operands_;
  Comparer comparer_;
};

const Field* currency_field(const KindView& view) {
  for (const Field* field : view.fields()) {
    if (field->type == FieldType::currency) return field;
  }
  return nullptr;
}

}  // namespace

Condition check_expression(const Expression& expression, const FilterContext& context) {
  return {context.view->kind(),
          context.now,
          context.currency,
          currency_exponent(context.currency).value_or(2),
          currency_field(*context.view),
          Checker(expression, context).condition(expression.root)};
}

}  // namespace crm
