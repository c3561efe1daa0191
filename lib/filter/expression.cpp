#include "filter/expression.h"

#include <string_view>

#include "base/text.h"

namespace crm {
namespace {

std::string string_literal(std::string_view text) {
  std::string literal = "'";
  for (const char c : text) {
    literal += c;
    if (c == '\'') literal += '\'';
  }
  return literal + '\'';
}

// How tightly it binds: what binds less than its surroundings stands in parentheses.
enum class Binding { disjunction, conjunction, negation, test, sum, operand };

Binding binding(ExprKind kind) {
  switch (kind) {
    case ExprKind::disjunction:
      return Binding::disjunction;
    case ExprKind::conjunction:
      return Binding::conjunction;
    case ExprKind::negation:
      return Binding::negation;
    case ExprKind::add:
    case ExprKind::subtract:
      return Binding::sum;
    case ExprKind::equal:
    case ExprKind::not_equal:
    case ExprKind::less:
    case ExprKind::less_equal:
    case ExprKind::greater:
    case ExprKind::greater_equal:
    case ExprKind::in:
    case ExprKind::between:
    case ExprKind::like:
    case ExprKind::contains:
    case ExprKind::is_null:
    case ExprKind::has_tag:
      return Binding::test;
    default:
      return Binding::operand;
  }
}

std::string_view sign(ExprKind kind) {
  switch (kind) {
    case ExprKind::equal:
      return " = ";
    case ExprKind::not_equal:
      return " <> ";
    case ExprKind::less:
      return " < ";
    case ExprKind::less_equal:
      return " <= ";
    case ExprKind::greater:
      return " > ";
    case ExprKind::greater_equal:
      return " >= ";
    case ExprKind::conjunction:
      return " and ";
    case ExprKind::disjunction:
      return " or ";
    case ExprKind::add:
      return " + ";
    case ExprKind::subtract:
      return " - ";
    default:
      return ", ";
  }
}

std::string bound(const Expr& expr, Binding least);

// The parts from `first` on, each bound as tightly as `least`.
std::string joined(const Expr& expr, std::size_t first, std::string_view separator, Binding least) {
  std::string text;
  for (std::size_t i = first; i < expr.parts.size(); ++i) {
    if (i > first) text += separator;
    text += bound(expr.parts[i], least);
  }
  return text;
}

// A test that a word names, with a `not` before the word (after it, with null) or none.
std::string word_test(const Expr& test, std::string_view negation) {
  const std::string left = bound(test.parts[0], Binding::sum) + ' ';
  const std::string before(negation);
  switch (test.kind) {
    case ExprKind::in:
      return left + before + "in (" + joined(test, 1, ", ", Binding::sum) + ')';
    case ExprKind::between:
      return left + before + "between " + joined(test, 1, " and ", Binding::sum);
    case ExprKind::like:
      return left + before + "like " + bound(test.parts[1], Binding::sum);
    case ExprKind::contains:
      return left + before + "contains " + bound(test.parts[1], Binding::sum);
    default:
      return left + "is " + before + "null";
  }
}

bool is_word_test(ExprKind kind) {
  return kind == ExprKind::in || kind == ExprKind::between || kind == ExprKind::like ||
         kind == ExprKind::contains || kind == ExprKind::is_null;
}

std::string bound(const Expr& expr, Binding least) {
  const std::string text = to_text(expr);
  return binding(expr.kind) < least ? '(' + text + ')' : text;
}

}  // namespace

std::string to_text(const Expr& expr) {
  const auto& parts = expr.parts;
  switch (expr.kind) {
    case ExprKind::text:
    case ExprKind::raw:
      return string_literal(expr.text);
    case ExprKind::number:
    case ExprKind::boolean:
    case ExprKind::duration:
    case ExprKind::field:
      return expr.text;
    case ExprKind::null:
      return "null";
    case ExprKind::now:
      return "now";
    case ExprKind::today:
      return "today";
    case ExprKind::me:
      return "me";
    case ExprKind::in:
    case ExprKind::between:
    case ExprKind::like:
    case ExprKind::contains:
    case ExprKind::is_null:
      return word_test(expr, "");
    case ExprKind::has_tag:
      return "tags contains " + string_literal(expr.text);
    case ExprKind::search:
      return "search " + string_literal(expr.text);
    case ExprKind::negation:
      return is_word_test(parts[0].kind) ? word_test(parts[0], "not ")
                                         : "not " + bound(parts[0], Binding::negation);
    case ExprKind::conjunction:
      return joined(expr, 0, sign(expr.kind), Binding::negation);
    case ExprKind::disjunction:
      return joined(expr, 0, sign(expr.kind), Binding::conjunction);
    case ExprKind::add:
    case ExprKind::subtract:
      return bound(parts[0], Binding::sum) + std::string(sign(expr.kind)) + bound(parts[1], Binding::operand);
    case ExprKind::call:
      return expr.text + '(' + joined(expr, 0, ", ", Binding::disjunction) + ')';
    default:
      return joined(expr, 0, sign(expr.kind), Binding::sum);
  }
}

Error expression_error(const std::string& source, const Location& origin, std::size_t offset,
                       const std::string& message, const std::string& hint) {
  const std::string_view before = std::string_view(source).substr(0, offset);
  std::size_t lines = 0;
  std::size_t line_begin = 0;
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (before[i] != '\n') continue;
    ++lines;
    line_begin = i + 1;
  }
  Problem problem{origin, message, hint, {}};
  const int column = static_cast<int>(character_count(before.substr(line_begin)));
  problem.location.line = (origin.line > 0 ? origin.line : 1) + static_cast<int>(lines);
  problem.location.column = (lines == 0 && origin.column > 0 ? origin.column : 1) + column;
  if (origin.column <= 1)
    problem.line_text = source.substr(line_begin, source.find('\n', line_begin) - line_begin);
  return Error(ErrorCode::invalid, message, hint).with_problems({std::move(problem)});
}

}  // namespace crm
