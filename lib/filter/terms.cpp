#include "filter/terms.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "base/text.h"
#include "filter/parse.h"

namespace crm {
namespace {

struct Operator {
  std::string_view sign;
  ExprKind kind;
};
// The longer ones first.
constexpr Operator kOperators[] = {
    {"!=", ExprKind::not_equal}, {">=", ExprKind::greater_equal}, {"<=", ExprKind::less_equal},
    {"=", ExprKind::equal},      {"~", ExprKind::contains},       {">", ExprKind::greater},
    {"<", ExprKind::less},
};

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
         static_cast<unsigned char>(c) >= 0x80;
}

// FIELD, the operator and VALUE; nothing where the text has no such form.
struct Split {
  std::string_view name;
  ExprKind kind;
  std::string_view value;
};
std::optional<Split> split(std::string_view term) {
  const auto end = std::find_if_not(term.begin(), term.end(), is_name_character);
  const std::string_view name(term.data(), static_cast<std::size_t>(end - term.begin()));
  if (name.empty() || name.front() == '-' || (name.front() >= '0' && name.front() <= '9'))
    return std::nullopt;
  const std::string_view rest = term.substr(name.size());
  for (const Operator& candidate : kOperators) {
    if (rest.starts_with(candidate.sign))
      return Split{name, candidate.kind, rest.substr(candidate.sign.size())};
  }
  return std::nullopt;
}

std::string field_name(std::string_view written) {
  std::string name(written);
  std::replace(name.begin(), name.end(), '-', '_');
  return name == "tag" ? "tags" : name;
}

Expr node(ExprKind kind, Expr part) {
  Expr expr{kind, {}, {}, 0};
  expr.parts.push_back(std::move(part));
  return expr;
}

Expr node(ExprKind kind, Expr left, Expr right) {
  Expr expr = node(kind, std::move(left));
  expr.parts.push_back(std::move(right));
  return expr;
}

Expr comparison(const Split& split, const Expression& term) {
  const Expr field{ExprKind::field, field_name(split.name), {}, 0};
  if (split.value.empty()) {
    Expr absent = node(ExprKind::is_null, field);
    if (split.kind == ExprKind::equal) return absent;
    if (split.kind == ExprKind::not_equal) return node(ExprKind::negation, std::move(absent));
    throw expression_error(term.source, term.origin, term.source.size(),
                           "the term " + quoted(term.source) + " has no value");
  }
  const Expr value{ExprKind::raw, std::string(split.value), {}, term.source.size() - split.value.size()};
  Expr test = node(split.kind, field, value);
  if (split.kind != ExprKind::not_equal || field.text == "tags") return test;
  return node(ExprKind::disjunction, node(ExprKind::is_null, field), std::move(test));
}

Expression checked_text(std::string_view text) {
  Expression expression{std::string(text), {}, {}};
  if (text.size() > kMaxExpressionBytes) {
    throw expression_error({}, {}, 0, "the term is too long",
                           "at most " + std::to_string(kMaxExpressionBytes) + " bytes");
  }
  if (!is_valid_utf8(text)) throw expression_error({}, {}, 0, "the term is not valid UTF-8");
  if (text.find('\0') != std::string_view::npos)
    throw expression_error({}, {}, 0, "the term holds a NUL character");
  if (trimmed(text).empty()) throw expression_error({}, {}, 0, "an empty term selects nothing");
  return expression;
}

}  // namespace

Expression parse_term(std::string_view term) {
  Expression expression = checked_text(term);
  if (const auto parts = split(term)) {
    expression.root = comparison(*parts, expression);
  } else if (term.starts_with('+') && !trimmed(term.substr(1)).empty()) {
    expression.root = {ExprKind::has_tag, std::string(trimmed(term.substr(1))), {}, 0};
  } else {
    expression.root = {ExprKind::search, expression.source, {}, 0};
  }
  return expression;
}

Expression search_expression(std::string_view words) {
  Expression expression = checked_text(words);
  expression.root = {ExprKind::search, expression.source, {}, 0};
  return expression;
}

bool looks_like_term(std::string_view argument) {
  if (split(argument)) return true;
  if (!argument.starts_with('+') || argument.size() == 1) return false;
  // A phone number: digits and what separates them.
  return argument.find_first_not_of("0123456789 -().", 1) != std::string_view::npos;
}

}  // namespace crm
