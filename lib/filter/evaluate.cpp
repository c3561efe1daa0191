#include "filter/evaluate.h"

#include <algorithm>
#include <limits>
#include <string_view>

#include "base/money.h"
#include "base/text.h"
#include "filter/search.h"

namespace crm {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::size_t character_length(std::string_view text) {
  std::string_view rest = text;
  next_character(rest);
  return text.size() - rest.size();
}

// SQLite's LIKE: % for any text, _ for one character, ASCII letters without case. Linear in most cases: only
// the last % is tried again.
bool is_like(std::string_view text, std::string_view pattern) {
  constexpr std::size_t kNone = std::string_view::npos;
  std::size_t at = 0;
  std::size_t wanted = 0;
  std::size_t retry_pattern = kNone;
  std::size_t retry_text = 0;
  while (at < text.size()) {
    if (wanted < pattern.size() && pattern[wanted] == '%') {
      retry_pattern = ++wanted;
      retry_text = at;
    } else if (wanted < pattern.size() && pattern[wanted] == '_') {
      at += character_length(text.substr(at));
      ++wanted;
    } else if (wanted < pattern.size() && lower(pattern[wanted]) == lower(text[at])) {
      ++at;
      ++wanted;
    } else if (retry_pattern != kNone) {
      retry_text += character_length(text.substr(retry_text));
      at = retry_text;
      wanted = retry_pattern;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('%', wanted) == kNone;
}

std::int64_t added(std::int64_t a, std::int64_t b) {
  std::int64_t total = 0;
  if (!__builtin_add_overflow(a, b, &total)) return total;
  return b < 0 ? std::numeric_limits<std::int64_t>::min() : std::numeric_limits<std::int64_t>::max();
}

std::int64_t subtracted(std::int64_t a, std::int64_t b) {
  std::int64_t total = 0;
  if (!__builtin_sub_overflow(a, b, &total)) return total;
  return b > 0 ? std::numeric_limits<std::int64_t>::min() : std::numeric_limits<std::int64_t>::max();
}

Value truth(bool value) {
  return std::int64_t{value ? 1 : 0};
}

bool holds(NodeKind kind, int order) {
  switch (kind) {
    case NodeKind::not_equal:
      return order != 0;
    case NodeKind::less:
      return order < 0;
    case NodeKind::less_equal:
      return order <= 0;
    case NodeKind::greater:
      return order > 0;
    case NodeKind::greater_equal:
      return order >= 0;
    default:
      return order == 0;
  }
}

int order(const Value& left, const Value& right) {
  if (left == right) return 0;
  return left < right ? -1 : 1;
}

bool contains(const std::vector<std::string>& list, const Value& item) {
  return std::find(list.begin(), list.end(), *text_of(item)) != list.end();
}

class Evaluator {
 public:
  Evaluator(const Condition& condition, const RecordAccess& record, const RecordAccess* before)
      : condition_(condition), record_(record), before_(before) {}

  Value value(const ConditionNode& node) const {
    switch (node.kind) {
      case NodeKind::constant:
        return node.value;
      case NodeKind::field:
        return record_.value(*node.field);
      case NodeKind::key:
        return record_.key(*node.field);
      case NodeKind::previous:
        return earlier(*node.field);
      case NodeKind::changed:
        return truth(earlier(*node.field) != record_.value(*node.field));
      case NodeKind::equal:
      case NodeKind::not_equal:
      case NodeKind::less:
      case NodeKind::less_equal:
      case NodeKind::greater:
      case NodeKind::greater_equal:
        return comparison(node);
      case NodeKind::one_of:
        return one_of(node);
      case NodeKind::like:
      case NodeKind::contains:
      case NodeKind::lower:
      case NodeKind::length:
        return of_text(node);
      case NodeKind::is_null:
        return truth(is_null(value(node.parts[0])));
      case NodeKind::has_tag:
        return truth(contains(record_.tags(), node.value));
      case NodeKind::has_any_tag:
        return truth(!record_.tags().empty());
      case NodeKind::has_ref:
        return truth(contains(record_.refs(), node.value));
      case NodeKind::has_any_ref:
        return truth(!record_.refs().empty());
      case NodeKind::search:
        return truth(search_matches(*text_of(node.value), record_.search_text()));
      case NodeKind::all:
        return logic(node, false);
      case NodeKind::any:
        return logic(node, true);
      case NodeKind::negation:
        return negation(value(node.parts[0]));
      case NodeKind::sum:
        return sum(node);
      case NodeKind::coalesce:
        return coalesce(node);
      case NodeKind::days_between:
        return days_between(node);
      case NodeKind::minus:
        return {};  // only within a sum, which takes its part
    }
    return {};
  }

 private:
  Value earlier(const Field& field) const { return before_ == nullptr ? Value() : before_->value(field); }

  Value comparison(const ConditionNode& node) const {
    const Value left = value(node.parts[0]);
    const Value right = value(node.parts[1]);
    if (is_null(left) || is_null(right)) return {};
    if (node.parts[0].type == ValueType::money && node.parts[1].type == ValueType::decimal) {
      return truth(holds(node.kind, compare_amount(node.parts[0], *integer_of(left), *integer_of(right))));
    }
    return truth(holds(node.kind, order(left, right)));
  }

  // Negative where the amount is less than the number, in ten-thousandths; zero where it is the same.
  int compare_amount(const ConditionNode& amount, std::int64_t minor, std::int64_t number) const {
    const bool previous = amount.kind == NodeKind::previous;
    const ScaledAmount scaled =
        scaled_amount(number, exponent(previous && before_ != nullptr ? *before_ : record_));
    // What lies between two minor units is above the lower one.
    return minor == scaled.minor && !scaled.exact ? -1 : order(minor, scaled.minor);
  }

  int exponent(const RecordAccess& record) const {
    if (condition_.currency == nullptr) return condition_.default_exponent;
    const Value code = record.value(*condition_.currency);
    return is_null(code) ? condition_.default_exponent : currency_exponent(*text_of(code)).value_or(2);
  }

  Value one_of(const ConditionNode& node) const {
    const Value left = value(node.parts[0]);
    if (is_null(left)) return {};
    const bool amounts = node.parts[1].type == ValueType::decimal;
    return truth(std::any_of(node.parts.begin() + 1, node.parts.end(), [&](const ConditionNode& item) {
      return amounts ? holds(NodeKind::equal,
                             compare_amount(node.parts[0], *integer_of(left), *integer_of(item.value)))
                     : item.value == left;
    }));
  }

  Value of_text(const ConditionNode& node) const {
    const Value held = value(node.parts[0]);
    if (is_null(held)) return {};
    const std::string& text = *text_of(held);
    switch (node.kind) {
      case NodeKind::lower:
        return ascii_lower(text);
      case NodeKind::length:
        return static_cast<std::int64_t>(character_count(text));
      case NodeKind::like:
        return truth(is_like(text, *text_of(node.value)));
      default:
        return truth(ascii_lower(text).find(ascii_lower(*text_of(node.value))) != std::string::npos);
    }
  }

  // All (any) of the parts: decided by a false (true) one, unknown if none decides and one is unknown.
  Value logic(const ConditionNode& node, bool deciding) const {
    bool unknown = false;
    for (const ConditionNode& part : node.parts) {
      const Value answer = value(part);
      if (is_null(answer)) {
        unknown = true;
      } else if ((*integer_of(answer) != 0) == deciding) {
        return truth(deciding);
      }
    }
    return unknown ? Value() : truth(!deciding);
  }

  static Value negation(const Value& answer) {
    return is_null(answer) ? Value() : truth(*integer_of(answer) == 0);
  }

  Value sum(const ConditionNode& node) const {
    std::int64_t total = 0;
    for (const ConditionNode& part : node.parts) {
      const bool minus = part.kind == NodeKind::minus;
      const Value next = value(minus ? part.parts[0] : part);
      if (is_null(next)) return {};
      total = minus ? subtracted(total, *integer_of(next)) : added(total, *integer_of(next));
    }
    return total;
  }

  Value coalesce(const ConditionNode& node) const {
    for (const ConditionNode& part : node.parts) {
      Value next = value(part);
      if (!is_null(next)) return next;
    }
    return {};
  }

  Value days_between(const ConditionNode& node) const {
    const Value from = value(node.parts[0]);
    const Value to = value(node.parts[1]);
    if (is_null(from) || is_null(to)) return {};
    if (node.parts[0].type == ValueType::moment) {
      constexpr std::int64_t kDay = 86400;  // seconds
      return subtracted(*integer_of(to), *integer_of(from)) / kDay;
    }
    const auto first = parse_iso_date(*text_of(from));
    const auto last = parse_iso_date(*text_of(to));
    if (!first || !last) return {};
    return std::int64_t{(std::chrono::sys_days(*last) - std::chrono::sys_days(*first)).count()};
  }

  const Condition& condition_;
  const RecordAccess& record_;
  const RecordAccess* before_;
};

}  // namespace

std::optional<bool> evaluate(const Condition& condition, const RecordAccess& record,
                             const RecordAccess* before) {
  const Value answer = Evaluator(condition, record, before).value(condition.root);
  if (is_null(answer)) return std::nullopt;
  return *integer_of(answer) != 0;
}

}  // namespace crm
