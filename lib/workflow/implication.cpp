#include "workflow/implication.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/money.h"

namespace crm {
namespace {

bool same(const Expr& a, const Expr& b) {
  return a.kind == b.kind && a.text == b.text &&
         std::equal(a.parts.begin(), a.parts.end(), b.parts.begin(), b.parts.end(), same);
}

bool is_comparison(const Expr& test) {
  return test.kind >= ExprKind::equal && test.kind <= ExprKind::greater_equal && test.parts.size() == 2;
}

// Sorted; a kind with each, since 1 is not '1'. They last as long as the test.
using Values = std::vector<std::pair<ExprKind, std::string_view>>;

// The values that a test lets its operand have, where they are listed: x = 'a', x in ('a', 'b').
std::optional<Values> listed_values(const Expr& test) {
  const bool lists = test.kind == ExprKind::equal || test.kind == ExprKind::in;
  if (!lists || test.parts.size() < 2) return std::nullopt;
  Values values;
  values.reserve(test.parts.size() - 1);
  for (std::size_t i = 1; i < test.parts.size(); ++i) {
    const ExprKind kind = test.parts[i].kind;
    if (kind != ExprKind::text && kind != ExprKind::number && kind != ExprKind::boolean) return std::nullopt;
    values.emplace_back(kind, test.parts[i].text);
  }
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

std::optional<std::int64_t> number_of(const Expr& expr) {
  return expr.kind == ExprKind::number ? parse_decimal(expr.text, 4) : std::nullopt;
}

// x >= 200 implies x >= 100 and x > 100.
bool bound_implies(const Expr& narrow, const Expr& wide) {
  if (!is_comparison(narrow) || !is_comparison(wide)) return false;
  const auto inner = number_of(narrow.parts[1]);
  const auto outer = number_of(wide.parts[1]);
  if (!inner || !outer) return false;
  const auto below = [&](ExprKind strict, ExprKind inclusive, std::int64_t a, std::int64_t b) {
    if (wide.kind != strict && wide.kind != inclusive) return false;
    if (narrow.kind != strict && narrow.kind != inclusive && narrow.kind != ExprKind::equal) return false;
    return a < b || (a == b && (wide.kind == inclusive || narrow.kind == strict));
  };
  return below(ExprKind::less, ExprKind::less_equal, *inner, *outer) ||
         below(ExprKind::greater, ExprKind::greater_equal, *outer, *inner);
}

// Every test but `is null` and its negations is false of an operand that is absent.
bool needs_operand(const Expr& test) {
  return is_comparison(test) || test.kind == ExprKind::in || test.kind == ExprKind::between ||
         test.kind == ExprKind::like || test.kind == ExprKind::contains;
}

bool test_implies(const Expr& narrow, const Expr& wide, ComparingEffort& effort) {
  effort.spend(narrow.parts.size() + wide.parts.size());
  if (effort.is_spent()) return false;
  if (narrow.parts.empty() || wide.parts.empty()) return false;
  if (wide.kind == ExprKind::negation && wide.parts[0].kind == ExprKind::is_null) {
    return needs_operand(narrow) && same(narrow.parts[0], wide.parts[0].parts[0]);
  }
  if (!same(narrow.parts[0], wide.parts[0])) return false;
  if (narrow.kind == ExprKind::equal && wide.kind == ExprKind::equal)
    return same(narrow.parts[1], wide.parts[1]);
  const auto inner = listed_values(narrow);
  const auto outer = listed_values(wide);
  if (inner && outer) return std::includes(outer->begin(), outer->end(), inner->begin(), inner->end());
  return bound_implies(narrow, wide);
}

// x < 100 and x >= 100.
bool bounds_exclude(const Expr& a, const Expr& b) {
  if (!is_comparison(a) || !is_comparison(b)) return false;
  const auto first = number_of(a.parts[1]);
  const auto second = number_of(b.parts[1]);
  if (!first || !second) return false;
  const auto at_most = [](ExprKind kind) {
    return kind == ExprKind::less || kind == ExprKind::less_equal || kind == ExprKind::equal;
  };
  const auto at_least = [](ExprKind kind) {
    return kind == ExprKind::greater || kind == ExprKind::greater_equal || kind == ExprKind::equal;
  };
  const bool touch = a.kind != ExprKind::less && a.kind != ExprKind::greater && b.kind != ExprKind::less &&
                     b.kind != ExprKind::greater;
  const auto apart = [&](std::int64_t low, std::int64_t high) {
    return low < high || (low == high && !touch);
  };
  return (at_most(a.kind) && at_least(b.kind) && apart(*first, *second)) ||
         (at_least(a.kind) && at_most(b.kind) && apart(*second, *first));
}

bool tests_exclude(const Expr& a, const Expr& b, ComparingEffort& effort) {
  effort.spend(a.parts.size() + b.parts.size());
  if (effort.is_spent()) return false;
  if (a.parts.empty() || b.parts.empty()) return false;
  if (a.kind == ExprKind::negation && implies(b, a.parts[0], effort)) return true;
  if (!same(a.parts[0], b.parts[0])) return false;
  if (a.kind == ExprKind::is_null && needs_operand(b)) return true;
  if (a.kind == ExprKind::not_equal && b.kind == ExprKind::equal) return same(a.parts[1], b.parts[1]);
  const auto first = listed_values(a);
  const auto second = listed_values(b);
  if (first && second) {
    Values both;
    std::set_intersection(first->begin(), first->end(), second->begin(), second->end(),
                          std::back_inserter(both));
    return both.empty();
  }
  return bounds_exclude(a, b);
}

}  // namespace

bool excludes(const Expr& a, const Expr& b, ComparingEffort& effort) {
  effort.spend(1);
  if (effort.is_spent()) return false;
  const auto excludes_b = [&](const Expr& part) { return excludes(part, b, effort); };
  const auto excludes_a = [&](const Expr& part) { return excludes(a, part, effort); };
  if (a.kind == ExprKind::disjunction) return std::all_of(a.parts.begin(), a.parts.end(), excludes_b);
  if (b.kind == ExprKind::disjunction) return std::all_of(b.parts.begin(), b.parts.end(), excludes_a);
  if (a.kind == ExprKind::conjunction) return std::any_of(a.parts.begin(), a.parts.end(), excludes_b);
  if (b.kind == ExprKind::conjunction) return std::any_of(b.parts.begin(), b.parts.end(), excludes_a);
  return tests_exclude(a, b, effort) || tests_exclude(b, a, effort);
}

bool implies(const Expr& narrow, const Expr& wide, ComparingEffort& effort) {
  effort.spend(1);
  if (effort.is_spent()) return false;
  const auto wide_of = [&](const Expr& part) { return implies(narrow, part, effort); };
  const auto narrow_of = [&](const Expr& part) { return implies(part, wide, effort); };
  if (wide.kind == ExprKind::conjunction) return std::all_of(wide.parts.begin(), wide.parts.end(), wide_of);
  if (narrow.kind == ExprKind::disjunction)
    return std::all_of(narrow.parts.begin(), narrow.parts.end(), narrow_of);
  effort.spend(wide.parts.size());
  if (same(narrow, wide)) return true;
  if (wide.kind == ExprKind::disjunction && std::any_of(wide.parts.begin(), wide.parts.end(), wide_of))
    return true;
  if (narrow.kind == ExprKind::conjunction)
    return std::any_of(narrow.parts.begin(), narrow.parts.end(), narrow_of);
  return test_implies(narrow, wide, effort);
}

}  // namespace crm
