#include "filter/parse.h"

#include <algorithm>
#include <memory>
#include <string>
#include <tao/pegtl.hpp>
#include <tao/pegtl/contrib/parse_tree.hpp>
#include <utility>

#include "base/text.h"

namespace crm {
namespace {

constexpr std::string_view kFunctions[] = {"lower", "length", "coalesce", "days_between", "changed", "was"};
constexpr std::string_view kReserved[] = {
    "and", "or",    "not", "in",       "between", "like",   "is",       "null",         "true",    "false",
    "now", "today", "me",  "contains", "lower",   "length", "coalesce", "days_between", "changed", "was"};

// The grammar decides by the next token everywhere: once an alternative has begun it must go on, so errors
// stand where they are.
namespace grammar {

using namespace tao::pegtl;  // NOLINT(google-build-using-namespace): the grammar is written in its words

struct blank : star<space> {};
struct word_character : sor<ranges<'a', 'z', 'A', 'Z', '0', '9', '_', '_'>, ranges<'\x80', '\xff'>> {};
template <char... Characters>
struct keyword : seq<istring<Characters...>, not_at<word_character>> {};

struct and_word : keyword<'a', 'n', 'd'> {};
struct or_word : keyword<'o', 'r'> {};
struct not_word : keyword<'n', 'o', 't'> {};
struct in_word : keyword<'i', 'n'> {};
struct between_word : keyword<'b', 'e', 't', 'w', 'e', 'e', 'n'> {};
struct like_word : keyword<'l', 'i', 'k', 'e'> {};
struct contains_word : keyword<'c', 'o', 'n', 't', 'a', 'i', 'n', 's'> {};
struct is_word : keyword<'i', 's'> {};
struct null_word : keyword<'n', 'u', 'l', 'l'> {};
struct true_word : keyword<'t', 'r', 'u', 'e'> {};
struct false_word : keyword<'f', 'a', 'l', 's', 'e'> {};
struct now_word : keyword<'n', 'o', 'w'> {};
struct today_word : keyword<'t', 'o', 'd', 'a', 'y'> {};
struct me_word : keyword<'m', 'e'> {};
struct operator_word
    : sor<and_word, or_word, not_word, in_word, between_word, like_word, contains_word, is_word> {};

// A rule that cannot be left out.
template <typename Rule>
struct needed : seq<Rule> {};

struct disjunction;
struct nested : seq<disjunction> {};
struct argument : seq<disjunction> {};
struct sum;

struct unclosed_text : one<'\''> {};
struct text : sor<seq<one<'\''>, star<sor<two<'\''>, not_one<'\''>>>, one<'\''>>,
                  seq<at<one<'\''>>, raise<unclosed_text>>> {};
struct duration : seq<opt<one<'-'>>, plus<digit>, one<'s', 'm', 'h', 'd', 'w'>, not_at<word_character>> {};
struct number
    : seq<opt<one<'-'>>, plus<digit>, opt<one<'.'>, plus<digit>>, not_at<sor<word_character, one<'.'>>>> {};
struct malformed_number : digit {};
struct boolean : sor<true_word, false_word> {};
struct name : seq<not_at<digit>, plus<word_character>> {};
struct field : seq<not_at<operator_word>, name> {};
struct closing : one<')'> {};
struct closing_list : one<')'> {};
struct opening_list : one<'('> {};
struct arguments : list_must<needed<argument>, one<','>, space> {};
struct call : seq<name, blank, one<'('>, blank, must<needed<arguments>, blank, closing_list>> {};
struct group : seq<one<'('>, blank, must<needed<nested>, blank, closing>> {};
struct primary
    : sor<text, duration, number, seq<opt<one<'-'>>, at<digit>, raise<malformed_number>>, group, boolean,
          null_word, now_word, today_word, me_word, seq<not_at<operator_word>, call>, field> {};

struct plus_sign : one<'+'> {};
struct minus_sign : seq<one<'-'>, not_at<one<'-'>>> {};
struct sum : seq<primary, star<blank, sor<plus_sign, minus_sign>, blank, must<needed<primary>>>> {};

struct comparison_sign
    : sor<string<'<', '>'>, string<'<', '='>, string<'>', '='>, string<'!', '='>, one<'=', '<', '>'>> {};
struct list_items : list_must<needed<sum>, one<','>, space> {};
struct between_and : seq<and_word> {};
struct comparison_tail : seq<comparison_sign, blank, must<needed<sum>>> {};
struct in_tail : seq<in_word, blank, must<opening_list, blank, needed<list_items>, blank, closing_list>> {};
struct between_tail : seq<between_word, blank, must<needed<sum>, blank, between_and, blank, needed<sum>>> {};
struct like_tail : seq<like_word, blank, must<needed<sum>>> {};
struct contains_tail : seq<contains_word, blank, must<needed<sum>>> {};
struct null_test : seq<opt<not_word, blank>, null_word> {};
struct is_tail : seq<is_word, blank, must<null_test>> {};
struct positive_tail : sor<in_tail, between_tail, like_tail, contains_tail> {};
struct negative_tail : seq<not_word, blank, must<positive_tail>> {};
struct comparison : seq<sum, opt<blank, sor<comparison_tail, positive_tail, is_tail, negative_tail>>> {};

// "+vip": the record has the tag.
struct tag : seq<one<'+'>, plus<sor<word_character, one<'-'>>>> {};

struct negation;
struct term : sor<negation, tag, comparison> {};
struct negated : seq<term> {};
struct negation : seq<not_word, blank, must<needed<negated>>> {};
struct conjunction : seq<term, star<blank, and_word, blank, must<needed<term>>>> {};
struct disjunction : seq<conjunction, star<blank, or_word, blank, must<needed<conjunction>>>> {};
struct expression : seq<blank, must<needed<disjunction>, blank, eof>> {};

template <typename Rule>
using selector = parse_tree::selector<
    Rule, parse_tree::store_content::on<
              text, duration, number, boolean, null_word, now_word, today_word, me_word, field, name, call,
              sum, plus_sign, minus_sign, comparison_sign, comparison_tail, in_tail, between_tail, like_tail,
              contains_tail, null_test, negative_tail, tag, comparison, negation, conjunction, disjunction>>;

template <typename Rule>
inline constexpr const char* kMessage = nullptr;
template <typename Rule>
inline constexpr const char* kMessage<needed<Rule>> = "expected a field, a value or '('";
template <>
inline constexpr const char* kMessage<closing> = "expected an operator or ')'";
template <>
inline constexpr const char* kMessage<closing_list> = "expected ',' or ')'";
template <>
inline constexpr const char* kMessage<opening_list> = "expected '(' after 'in'";
template <>
inline constexpr const char* kMessage<between_and> = "expected 'and' and the upper bound of 'between'";
template <>
inline constexpr const char* kMessage<null_test> = "expected 'null' or 'not null' after 'is'";
template <>
inline constexpr const char* kMessage<positive_tail> =
    "expected 'in', 'between', 'like' or 'contains' after 'not'";
template <>
inline constexpr const char* kMessage<eof> = "expected an operator, 'and', 'or' or the end";
// These say all: what was found is not added.
template <>
inline constexpr const char* kMessage<unclosed_text> = "the text has no closing quote";
template <>
inline constexpr const char* kMessage<malformed_number> = "this is no number and no duration";

struct messages {
  template <typename Rule>
  static constexpr const char* message = kMessage<Rule>;
  // Only where the grammar says must or raise.
  template <typename Rule>
  static constexpr bool raise_on_failure = false;
};
template <typename Rule>
using control = must_if<messages, normal, false>::control<Rule>;

constexpr const char* kTooDeep = "too deeply nested";

// Counts how deep the rule is within itself and others of the kind.
template <std::size_t Levels>
struct level : maybe_nothing {
  template <typename Rule, apply_mode A, rewind_mode M, template <typename...> class Action,
            template <typename...> class Control, typename Input, typename... States>
  static bool match(Input& in, States&&... states) {
    struct Depth {
      explicit Depth(std::size_t& count) : count_(count) { count_ += Levels; }
      ~Depth() { count_ -= Levels; }
      Depth(const Depth&) = delete;
      Depth& operator=(const Depth&) = delete;
      std::size_t& count_;
    } depth(in.private_depth);
    if (in.private_depth > kMaxExpressionDepth) throw parse_error(kTooDeep, in);
    return TAO_PEGTL_NAMESPACE::match<Rule, A, M, Action, Control>(in, states...);
  }
};
template <typename Rule>
struct action : nothing<Rule> {};
template <>
struct action<nested> : level<1> {};
template <>
struct action<negated> : level<1> {};
template <>
struct action<argument> : level<kCallLevels> {};

}  // namespace grammar

using ParseNode = tao::pegtl::parse_tree::node;

// From the parse tree, whose nodes are named by rule, to ours.
class Builder {
 public:
  Builder(const std::string& source, const Location& origin) : source_(source), origin_(origin) {}

  Expr build(const ParseNode& node) const {
    if (node.is_type<grammar::disjunction>()) return chain(node, ExprKind::disjunction);
    if (node.is_type<grammar::conjunction>()) return chain(node, ExprKind::conjunction);
    if (node.is_type<grammar::negation>()) return {ExprKind::negation, {}, all(node), offset(node)};
    if (node.is_type<grammar::comparison>()) return comparison(node);
    if (node.is_type<grammar::tag>()) return leaf(node, ExprKind::has_tag, node.string().substr(1));
    if (node.is_type<grammar::sum>()) return sum(node);
    if (node.is_type<grammar::call>()) return call(node);
    if (node.is_type<grammar::text>()) return leaf(node, ExprKind::text, unquoted(node.string_view()));
    if (node.is_type<grammar::number>()) return leaf(node, ExprKind::number, node.string());
    if (node.is_type<grammar::duration>()) return leaf(node, ExprKind::duration, node.string());
    if (node.is_type<grammar::boolean>())
      return leaf(node, ExprKind::boolean, ascii_lower(node.string_view()));
    if (node.is_type<grammar::null_word>()) return leaf(node, ExprKind::null, {});
    if (node.is_type<grammar::now_word>()) return leaf(node, ExprKind::now, {});
    if (node.is_type<grammar::today_word>()) return leaf(node, ExprKind::today, {});
    if (node.is_type<grammar::me_word>()) return leaf(node, ExprKind::me, {});
    return leaf(node, ExprKind::field, node.string());
  }

 private:
  static std::size_t offset(const ParseNode& node) { return node.m_begin.byte; }
  static Expr leaf(const ParseNode& node, ExprKind kind, std::string text) {
    return {kind, std::move(text), {}, offset(node)};
  }

  static std::string unquoted(std::string_view literal) {
    std::string text;
    for (std::size_t i = 1; i + 1 < literal.size(); ++i) {
      text += literal[i];
      if (literal[i] == '\'') ++i;
    }
    return text;
  }

  std::vector<Expr> all(const ParseNode& node) const {
    std::vector<Expr> parts;
    parts.reserve(node.children.size());
    for (const auto& child : node.children) parts.push_back(build(*child));
    return parts;
  }

  Expr chain(const ParseNode& node, ExprKind kind) const {
    if (node.children.size() == 1) return build(*node.children.front());
    return {kind, {}, all(node), offset(node)};
  }

  Expr sum(const ParseNode& node) const {
    Expr left = build(*node.children.front());
    for (std::size_t i = 1; i + 1 < node.children.size(); i += 2) {
      const ParseNode& sign = *node.children[i];
      if (i / 2 + 1 > kMaxExpressionDepth) fail(offset(sign), "the chain of '+' and '-' is too long");
      const ExprKind kind = sign.is_type<grammar::plus_sign>() ? ExprKind::add : ExprKind::subtract;
      std::vector<Expr> parts;
      parts.push_back(std::move(left));
      parts.push_back(build(*node.children[i + 1]));
      left = {kind, {}, std::move(parts), offset(node)};
    }
    return left;
  }

  Expr call(const ParseNode& node) const {
    std::string function = ascii_lower(node.children.front()->string_view());
    if (std::find(std::begin(kFunctions), std::end(kFunctions), function) == std::end(kFunctions)) {
      const std::vector<std::string> known(std::begin(kFunctions), std::end(kFunctions));
      const auto near = nearest(function, known);
      fail(offset(node), "there is no function " + crm::quoted(function),
           near ? "did you mean " + crm::quoted(*near) + "?" : "the functions are " + listed(known));
    }
    Expr expr{ExprKind::call, std::move(function), {}, offset(node)};
    for (std::size_t i = 1; i < node.children.size(); ++i) expr.parts.push_back(build(*node.children[i]));
    if (expr.parts.size() > kMaxListItems)
      fail(offset(node), "more than " + std::to_string(kMaxListItems) + " values in a list");
    return expr;
  }

  Expr comparison(const ParseNode& node) const {
    Expr left = build(*node.children.front());
    if (node.children.size() == 1) return left;
    const ParseNode& tail = *node.children[1];
    if (!tail.is_type<grammar::negative_tail>()) return test(std::move(left), tail);
    std::vector<Expr> parts;
    parts.push_back(test(std::move(left), *tail.children.front()));
    return {ExprKind::negation, {}, std::move(parts), offset(node)};
  }

  Expr test(Expr left, const ParseNode& tail) const {
    const std::size_t begin = left.offset;
    std::vector<Expr> parts;
    parts.push_back(std::move(left));
    if (tail.is_type<grammar::null_test>()) {
      Expr is_null{ExprKind::is_null, {}, std::move(parts), begin};
      if (tail.string_view().size() == std::string_view("null").size()) return is_null;
      std::vector<Expr> inner;
      inner.push_back(std::move(is_null));
      return {ExprKind::negation, {}, std::move(inner), begin};
    }
    const bool signed_tail = tail.is_type<grammar::comparison_tail>();
    for (std::size_t i = signed_tail ? 1 : 0; i < tail.children.size(); ++i)
      parts.push_back(build(*tail.children[i]));
    if (parts.size() > kMaxListItems + 1)
      fail(begin, "more than " + std::to_string(kMaxListItems) + " values in a list");
    return {signed_tail ? comparison_kind(tail.children.front()->string_view()) : word_kind(tail),
            {},
            std::move(parts),
            begin};
  }

  static ExprKind comparison_kind(std::string_view sign) {
    if (sign == "=") return ExprKind::equal;
    if (sign == "<>" || sign == "!=") return ExprKind::not_equal;
    if (sign == "<") return ExprKind::less;
    if (sign == "<=") return ExprKind::less_equal;
    return sign == ">" ? ExprKind::greater : ExprKind::greater_equal;
  }

  static ExprKind word_kind(const ParseNode& tail) {
    if (tail.is_type<grammar::in_tail>()) return ExprKind::in;
    if (tail.is_type<grammar::between_tail>()) return ExprKind::between;
    return tail.is_type<grammar::like_tail>() ? ExprKind::like : ExprKind::contains;
  }

  [[noreturn]] void fail(std::size_t at, const std::string& message, const std::string& hint = {}) const {
    throw expression_error(source_, origin_, at, message, hint);
  }

  const std::string& source_;
  const Location& origin_;
};

// The token at the place, for "found …".
std::string token_at(std::string_view source, std::size_t offset) {
  std::string_view rest = source.substr(offset);
  if (rest.empty()) return {};
  const auto is_word = [](char c) {
    return static_cast<unsigned char>(c) >= 0x80 || c == '_' || (c >= '0' && c <= '9') ||
           (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  };
  std::size_t length = 0;
  while (length < rest.size() && is_word(rest[length])) ++length;
  return std::string(rest.substr(0, std::max<std::size_t>(length, 1)));
}

std::string syntax_hint(std::string_view source, std::size_t offset) {
  const std::string_view rest = source.substr(offset);
  const char before = offset > 0 ? source[offset - 1] : '\0';
  if (rest.starts_with('"')) return "text goes in single quotes";
  if (rest.starts_with('=') && before == '=') return "equality is one '='";
  if (rest.starts_with("&&")) return "write 'and'";
  if (rest.starts_with("||")) return "write 'or'";
  if (rest.starts_with('!')) return "write 'not'";
  if (rest.starts_with("--") || rest.starts_with("/*")) return "an expression has no comments";
  return {};
}

Error syntax_error(const std::string& source, const Location& origin, std::size_t offset,
                   std::string_view message) {
  std::string text(message);
  if (text == grammar::kTooDeep) {
    return expression_error(source, origin, offset, "the expression is too deeply nested",
                            "at most " + std::to_string(kMaxExpressionDepth) + " levels");
  }
  if (text.starts_with("expected")) {
    const std::string token = token_at(source, offset);
    text += token.empty() ? ", found the end" : ", found " + crm::quoted(token);
  }
  return expression_error(source, origin, offset, text, syntax_hint(source, offset));
}

void check_bytes(const std::string& source, const Location& origin) {
  if (source.size() > kMaxExpressionBytes) {
    throw expression_error({}, origin, 0, "the expression is too long",
                           "at most " + std::to_string(kMaxExpressionBytes) + " bytes");
  }
  if (!is_valid_utf8(source)) throw expression_error({}, origin, 0, "the expression is not valid UTF-8");
  const std::size_t nul = source.find('\0');
  if (nul != std::string::npos)
    throw expression_error(source, origin, nul, "the expression holds a NUL character");
}

}  // namespace

Expression parse_expression(std::string_view text, const Location& origin) {
  namespace pegtl = tao::pegtl;
  Expression expression{std::string(text), origin, {}};
  check_bytes(expression.source, origin);
  pegtl::memory_input input(expression.source, "");
  try {
    const auto tree = pegtl::parse_tree::parse<grammar::expression, ParseNode, grammar::selector,
                                               grammar::action, grammar::control>(input);
    expression.root = Builder(expression.source, expression.origin).build(*tree->children.front());
  } catch (const pegtl::parse_error& error) {
    throw syntax_error(expression.source, origin, error.positions().front().byte, error.message());
  }
  return expression;
}

std::span<const std::string_view> reserved_words() {
  return kReserved;
}

bool is_reserved_word(std::string_view word) {
  const std::string lower = ascii_lower(word);
  return std::find(std::begin(kReserved), std::end(kReserved), lower) != std::end(kReserved);
}

}  // namespace crm
