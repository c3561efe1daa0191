#include "filter/render.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string_view>
#include <utility>

#include "crm/error.h"
#include "filter/comparison.h"
#include "filter/currency_case.h"
#include "filter/search.h"

namespace crm {
namespace {

constexpr std::size_t kMaxSqlBytes = 256 * 1024;
// Longer chains are cut into groups: SQLite bounds the depth of an expression at 1,000, and a chain of n is n
// deep.
constexpr std::size_t kMaxChain = 100;

std::string column(const std::string& name) {
  return "r.\"" + name + '"';
}

// The two columns of a FieldType::record: NAME_kind beside NAME_id.
std::string kind_column(const Field& field) {
  std::string name(field.column_name());
  const std::size_t suffix = name.rfind("_id");
  if (suffix != std::string::npos) name.resize(suffix);
  return column(name + "_kind");
}

std::string_view sign(NodeKind kind) {
  switch (kind) {
    case NodeKind::not_equal:
      return " <> ";
    case NodeKind::less:
      return " < ";
    case NodeKind::less_equal:
      return " <= ";
    case NodeKind::greater:
      return " > ";
    case NodeKind::greater_equal:
      return " >= ";
    default:
      return " = ";
  }
}

std::string escaped_pattern(std::string_view text) {
  std::string pattern = "%";
  for (const char c : text) {
    if (c == '%' || c == '_' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return pattern + '%';
}

class Renderer {
 public:
  Renderer(const Condition& condition, int first, const SearchRenderer& search)
      : condition_(condition), first_(first), search_(search) {}

  SqlCondition render() {
    SqlCondition result{as_condition(condition_.root), {}};
    if (result.sql.size() > kMaxSqlBytes) too_large();
    result.params = std::move(params_);
    return result;
  }

 private:
  // SQL that is true, false or null; anything that binds less than a comparison is in parentheses, NOT apart.
  std::string as_condition(const ConditionNode& node) {
    switch (node.kind) {
      case NodeKind::constant:
        if (is_null(node.value)) return "NULL";
        return *integer_of(node.value) != 0 ? "1 = 1" : "1 = 0";
      case NodeKind::field:
        return node.field->is_derived() ? as_value(node) : as_value(node) + " <> 0";
      case NodeKind::coalesce:
        return as_value(node) + " <> 0";
      case NodeKind::equal:
      case NodeKind::not_equal:
      case NodeKind::less:
      case NodeKind::less_equal:
      case NodeKind::greater:
      case NodeKind::greater_equal:
        return comparison(node);
      case NodeKind::one_of:
        return one_of(node);
      case NodeKind::like: {
        std::string sql = as_value(node.parts[0]);
        return sql += " LIKE " + bind(node.value);
      }
      case NodeKind::contains: {
        std::string sql = as_value(node.parts[0]);
        return sql += " LIKE " + bind(escaped_pattern(*text_of(node.value))) + " ESCAPE '\\'";
      }
      case NodeKind::is_null:
        return as_value(node.parts[0]) + " IS NULL";
      case NodeKind::has_tag:
        return in_table("SELECT t.record FROM tag t WHERE t.kind = " + kind() +
                        " AND t.name = " + bind(node.value));
      case NodeKind::has_any_tag:
        return in_table("SELECT t.record FROM tag t WHERE t.kind = " + kind());
      case NodeKind::has_ref:
        return has_ref(*text_of(node.value));
      case NodeKind::has_any_ref:
        return in_table("SELECT x.record FROM external_ref x WHERE x.kind = " + kind());
      case NodeKind::search:
        return search(*text_of(node.value));
      case NodeKind::all:
        return chain(node, " AND ");
      case NodeKind::any:
        return chain(node, " OR ");
      case NodeKind::negation:
        return negation(node.parts[0]);
      default:
        throw Error(ErrorCode::invalid,
                    "changed() and was() are for one record after a change, not for a list");
    }
  }

  std::string as_value(const ConditionNode& node) {
    switch (node.kind) {
      case NodeKind::constant:
        return is_null(node.value) ? "NULL" : bind(node.value);
      case NodeKind::field:
        return node.field->is_derived() ? field_sql(*node.field, now(*node.field))
                                        : field_sql(*node.field, {});
      case NodeKind::key:
        return column(std::string(node.field->column_name()) + "_key");
      case NodeKind::sum:
        return sum(node);
      case NodeKind::lower:
        return "lower(" + as_value(node.parts[0]) + ')';
      case NodeKind::length:
        return "length(" + as_value(node.parts[0]) + ')';
      case NodeKind::coalesce:
        return coalesce(node);
      case NodeKind::days_between:
        return days_between(node);
      default: {
        std::string sql = as_condition(node);
        return node.kind == NodeKind::all || node.kind == NodeKind::any ? sql : '(' + sql + ')';
      }
    }
  }

  std::string bind(Value value) {
    params_.push_back(std::move(value));
    return parameter(params_.size() - 1);
  }
  std::string parameter(std::size_t index) const {
    return '$' + std::to_string(static_cast<std::size_t>(first_) + index);
  }

  // The moment is bound once.
  std::string now(const Field& field) {
    if (field.derived.find(":now") == std::string_view::npos) return {};
    if (now_.empty()) now_ = bind(std::int64_t{condition_.now.time_since_epoch().count()});
    return now_;
  }

  std::string kind() const { return std::to_string(static_cast<int>(condition_.kind)); }

  static std::string in_table(const std::string& query) { return "r.id IN (" + query + ')'; }

  std::string has_ref(const std::string& reference) {
    const std::size_t slash = reference.find('/');
    if (slash == std::string::npos) return "1 = 0";
    const std::string source = bind(reference.substr(0, slash));
    const std::string key = bind(reference.substr(slash + 1));
    return in_table("SELECT x.record FROM external_ref x WHERE x.kind = " + kind() +
                    " AND x.source = " + source + " AND x.key = " + key);
  }

  std::string search(const std::string& words) {
    const int first = first_ + static_cast<int>(params_.size());
    SqlCondition found =
        search_ ? search_(condition_.kind, words, first) : fts5_condition(condition_.kind, words, first);
    std::move(found.params.begin(), found.params.end(), std::back_inserter(params_));
    return std::move(found.sql);
  }

  std::string negation(const ConditionNode& inner) {
    if (inner.kind == NodeKind::is_null) return as_value(inner.parts[0]) + " IS NOT NULL";
    const std::string sql = as_condition(inner);
    return inner.kind == NodeKind::all || inner.kind == NodeKind::any ? "NOT " + sql : "NOT (" + sql + ')';
  }

  // The largest part stands first: an engine's parser then holds one symbol for each level, not three
  // (SQLite's holds 100).
  std::string chain(const ConditionNode& node, std::string_view joint) {
    std::vector<const ConditionNode*> parts;
    for (const ConditionNode& part : node.parts) parts.push_back(&part);
    if (parts.empty()) return joint == " OR " ? "1 = 0" : "1 = 1";
    const auto largest = std::max_element(
        parts.begin(), parts.end(),
        [](const ConditionNode* a, const ConditionNode* b) { return node_count(*a) < node_count(*b); });
    std::rotate(parts.begin(), largest, largest + 1);
    std::string sql = "(";
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (i > 0) sql += i % kMaxChain == 0 ? std::string(")") + std::string(joint) + '(' : std::string(joint);
      sql += as_condition(*parts[i]);
      if (sql.size() > kMaxSqlBytes) too_large();
    }
    sql += ')';
    return parts.size() > kMaxChain ? '(' + sql + ')' : sql;
  }

  std::string comparison(const ConditionNode& node) {
    const ConditionNode& left = node.parts[0];
    const ConditionNode& right = node.parts[1];
    if (left.type == ValueType::money && right.type == ValueType::decimal) return compare_amount(node);
    if (left.type != ValueType::record) {
      std::string sql = as_value(left);
      sql += sign(node.kind);
      return sql += as_value(right);
    }
    const std::string sql = same_record(left, right);
    return node.kind == NodeKind::equal ? sql : "NOT " + sql;
  }

  std::string same_record(const ConditionNode& left, const ConditionNode& right) {
    if (left.kind == NodeKind::constant)
      return *text_of(left.value) == *text_of(right.value) ? "(1 = 1)" : "(1 = 0)";
    if (right.kind == NodeKind::field) {
      return '(' + kind_column(*left.field) + " = " + kind_column(*right.field) + " AND " + as_value(left) +
             " = " + as_value(right) + ')';
    }
    const RecordId record = parse_record_id(*text_of(right.value)).value_or(RecordId{});
    return '(' + kind_column(*left.field) + " = " + std::to_string(static_cast<int>(record.kind)) + " AND " +
           as_value(left) + " = " + bind(record.id) + ')';
  }

  std::string one_of(const ConditionNode& node) {
    if (node.parts[1].type == ValueType::decimal) return amount_among(node);
    std::string sql = as_value(node.parts[0]) + " IN (";
    for (std::size_t i = 1; i < node.parts.size(); ++i) {
      if (i > 1) sql += ", ";
      sql += as_value(node.parts[i]);
    }
    return sql + ')';
  }

  std::string sum(const ConditionNode& node) {
    std::string sql = "(";
    for (std::size_t i = 0; i < node.parts.size(); ++i) {
      const bool minus = node.parts[i].kind == NodeKind::minus;
      if (i > 0) sql += minus ? " - " : " + ";
      sql += as_value(minus ? node.parts[i].parts[0] : node.parts[i]);
    }
    return sql + ')';
  }

  std::string coalesce(const ConditionNode& node) {
    std::string sql = "coalesce(";
    for (std::size_t i = 0; i < node.parts.size(); ++i) {
      if (i > 0) sql += ", ";
      sql += as_value(node.parts[i]);
    }
    return sql + ')';
  }

  std::string days_between(const ConditionNode& node) {
    if (node.parts[0].type == ValueType::moment) {
      const std::string from = as_value(node.parts[0]);
      const std::string to = as_value(node.parts[1]);
      return "((" + to + " - " + from + ") / 86400)";
    }
    const std::string from = day_number(as_value(node.parts[0]));
    const std::string to = day_number(as_value(node.parts[1]));
    return '(' + to + " - " + from + ')';
  }

  // The Julian day of a date YYYY-MM-DD in arithmetic that every engine has (Fliegel and Van Flandern, CACM
  // 11, 1968).
  static std::string day_number(const std::string& date) {
    const std::string year = "CAST(substr(" + date + ", 1, 4) AS BIGINT)";
    const std::string month = "CAST(substr(" + date + ", 6, 2) AS BIGINT)";
    const std::string day = "CAST(substr(" + date + ", 9, 2) AS BIGINT)";
    const std::string shift = "((" + month + " - 14) / 12)";
    return "(1461 * (" + year + " + 4800 + " + shift + ") / 4 + 367 * (" + month + " - 2 - 12 * " + shift +
           ") / 12 - 3 * ((" + year + " + 4900 + " + shift + ") / 100) / 4 + " + day + ')';
  }

  // What a number is in minor units depends on the record's currency: `test` gives the SQL for each count of
  // decimal places.
  template <typename Test>
  std::string by_currency(Test test) {
    const int usual = condition_.default_exponent;
    if (condition_.currency == nullptr) return test(usual);
    return by_decimal_places(*condition_.currency, usual, test);
  }

  std::string compare_amount(const ConditionNode& node) {
    const std::string amount = as_value(node.parts[0]);
    const std::int64_t number = *integer_of(node.parts[1].value);
    const auto in_units = [&](int exponent) { return compare_minor(node.kind, amount, number, exponent); };
    if (number == 0) return in_units(0);
    const bool less = node.kind == NodeKind::less || node.kind == NodeKind::less_equal;
    const bool greater = node.kind == NodeKind::greater || node.kind == NodeKind::greater_equal;
    if (condition_.currency == nullptr || (!less && !greater)) return by_currency(in_units);
    // Most amounts are in the usual currency, and most of the others lie on one side in any: to look up what
    // the units of a currency are takes many times as long.
    const bool largest_first = less == (number > 0);
    std::string sql = "((" + in_units(condition_.default_exponent);
    sql += " OR " + field_sql(*condition_.currency, {}) + " <> " + bind(condition_.default_currency);
    sql += ") AND (" + in_units(largest_first ? 0 : 4);
    sql += " OR " + in_units(largest_first ? 4 : 0);
    return sql + " AND " + by_currency(in_units) + "))";
  }

  std::string amount_among(const ConditionNode& node) {
    const std::string amount = as_value(node.parts[0]);
    return by_currency([&](int exponent) {
      std::string list;
      for (std::size_t i = 1; i < node.parts.size(); ++i) {
        const ScaledAmount scaled = scaled_amount(*integer_of(node.parts[i].value), exponent);
        if (scaled.exact) list += (list.empty() ? "" : ", ") + bind(scaled.minor);
      }
      return list.empty() ? amount + " <> " + amount : amount + " IN (" + list + ')';
    });
  }

  // A number between two minor units: no amount equals it, and those up to it are those up to the lower one.
  std::string compare_minor(NodeKind kind, const std::string& amount, std::int64_t number, int exponent) {
    const ScaledAmount scaled = scaled_amount(number, exponent);
    if (scaled.exact) return amount + std::string(sign(kind)) + bind(scaled.minor);
    switch (kind) {
      // False (true), but null for an absent amount.
      case NodeKind::equal:
        return amount + " <> " + amount;
      case NodeKind::not_equal:
        return amount + " = " + amount;
      case NodeKind::greater:
      case NodeKind::greater_equal:
        return amount + " > " + bind(scaled.minor);
      default:
        return amount + " <= " + bind(scaled.minor);
    }
  }

  [[noreturn]] static void too_large() {
    throw Error(ErrorCode::invalid, "the condition is too large",
                "shorten its lists or ask in several steps");
  }

  const Condition& condition_;
  const int first_;
  const SearchRenderer& search_;
  std::vector<Value> params_;
  std::string now_;
};

}  // namespace

std::string field_sql(const Field& field, const std::string& now) {
  if (!field.is_derived()) return column(std::string(field.column_name()));
  static constexpr std::string_view kNow = ":now";
  std::string sql(field.derived);
  for (std::size_t at = sql.find(kNow); at != std::string::npos; at = sql.find(kNow, at + now.size()))
    sql.replace(at, kNow.size(), now);
  return sql;
}

SqlCondition render(const Condition& condition, int first, const SearchRenderer& search) {
  return Renderer(condition, first, search).render();
}

}  // namespace crm
