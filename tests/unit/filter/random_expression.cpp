#include "unit/filter/random_expression.h"

#include "unit/filter/sample_database.h"

namespace crm {
namespace {

template <std::size_t Count>
std::string pick(Random& random, const char* const (&list)[Count]) {
  return list[random.below(Count)];
}

std::string in_quotes(const std::string& text) {
  std::string literal = "'";
  for (const char c : text) literal += c == '\'' ? std::string("''") : std::string(1, c);
  return literal + '\'';
}

bool is_text(FieldType type) {
  return type == FieldType::text || type == FieldType::note;
}
bool has_order(FieldType type) {
  return is_text(type) || type == FieldType::integer || type == FieldType::money || type == FieldType::date ||
         type == FieldType::moment || type == FieldType::duration;
}

}  // namespace

const Field* RandomExpression::any_field() {
  return view_.fields()[random_.below(static_cast<unsigned>(view_.fields().size()))];
}

std::string RandomExpression::field_of(FieldType type) {
  std::vector<std::string> names;
  for (const Field* field : view_.fields()) {
    if (field->type == type) names.emplace_back(field->name);
  }
  return names.empty() ? std::string() : names[random_.below(static_cast<unsigned>(names.size()))];
}

std::string RandomExpression::condition(int depth) {
  if (depth == 0 || random_.one_in(4)) return test(depth);
  switch (random_.below(5)) {
    case 0:
      return "not " + condition(0);
    case 1:
      return "not (" + condition(depth - 1) + ")";
    case 2:
      return condition(depth - 1) + " and " + condition(depth - 1);
    case 3:
      return '(' + condition(depth - 1) + ") AND (" + condition(depth - 1) + ")";
    default:
      return condition(depth - 1) + " or " + condition(depth - 1);
  }
}

std::string RandomExpression::test(int depth) {
  if (random_.one_in(4)) return word_test();
  const Field* field = any_field();
  switch (field->type) {
    case FieldType::tags:
      return random_.one_in(3) ? "tags is null" : "tags contains " + pick(random_, {"'vip'", "'王'", "'no'"});
    case FieldType::refs:
      return random_.one_in(3) ? "ref is not null" : "ref = " + pick(random_, {"'sf/1'", "'sf/7'", "'x'"});
    case FieldType::boolean:
      return random_.one_in(2) ? std::string(field->name)
                               : std::string(field->name) + pick(random_, {" = ", " <> "}) +
                                     pick(random_, {"true", "false", "(1 < 2)"});
    case FieldType::integer:
    case FieldType::money:
    case FieldType::moment:
    case FieldType::date:
    case FieldType::duration:
    case FieldType::text:
      return comparison(field->type, depth);
    default: {
      const std::string name(field->name);
      switch (random_.below(4)) {
        case 0:
          return name + " is " + pick(random_, {"", "not "}) + "null";
        case 1:
          return name + " in (" + literal(field->type, field) + ", " + literal(field->type, field) + ")";
        default:
          return name + pick(random_, {" = ", " <> ", " != "}) + literal(field->type, field);
      }
    }
  }
}

std::string RandomExpression::comparison(FieldType type, int depth) {
  const std::string left = operand(type, depth);
  switch (random_.below(6)) {
    case 0:
      return left + " is null";
    case 1:
      return left + pick(random_, {" in (", " not in ("}) + literal(type, nullptr) + ", " +
             literal(type, nullptr) + ")";
    case 2:
      return left + " between " + literal(type, nullptr) + " and " + literal(type, nullptr);
    case 3:
      return left + pick(random_, {" = ", " <> ", " < ", " <= ", " > ", " >= "}) + operand(type, depth);
    default:
      return left + pick(random_, {" = ", " <> ", " < ", " <= ", " > ", " >= "}) + literal(type, nullptr);
  }
}

std::string RandomExpression::operand(FieldType type, int depth) {
  const std::string field = field_of(type);
  if (field.empty()) return literal(type, nullptr);
  if (depth == 0 || random_.one_in(2)) return field;
  switch (type) {
    case FieldType::text:
      return random_.one_in(2) ? "lower(" + operand(type, depth - 1) + ")"
                               : "coalesce(" + field + ", " + literal(type, nullptr) + ")";
    case FieldType::integer:
      switch (random_.below(4)) {
        case 0:
          return "length(" + operand(FieldType::text, depth - 1) + ")";
        case 1:
          return "days_between(" + operand(FieldType::moment, depth - 1) + ", now)";
        case 2:
          return "coalesce(" + field + ", 3)";
        default:
          return '(' + operand(type, depth - 1) + pick(random_, {" + ", " - "}) + operand(type, depth - 1) +
                 ")";
      }
    case FieldType::money:
      return random_.one_in(2) ? "coalesce(" + field + ", 0)" : '(' + field + " + " + field + ")";
    case FieldType::moment:
      return random_.one_in(2) ? "coalesce(" + field + ", " + literal(type, nullptr) + ")"
                               : operand(type, depth - 1) + pick(random_, {" + ", " - "}) +
                                     literal(FieldType::duration, nullptr);
    case FieldType::duration:
      return '(' + operand(FieldType::moment, depth - 1) + " - (" + operand(FieldType::moment, depth - 1) +
             "))";
    default:
      return field;
  }
}

std::string RandomExpression::literal(FieldType type, const Field* field) {
  switch (type) {
    case FieldType::integer:
      return pick(random_, {"0", "5", "-1", "2.5", "7", "10"});
    case FieldType::money:
      return pick(random_, {"0", "5000", "50", "50.005", "-0.01", "0.0001", "123.45", "5000.0001"});
    case FieldType::date:
      return pick(random_, {"'2026-03-01'", "today", "today - 1d", "'2000-01-01'", "now"});
    case FieldType::moment:
      return pick(random_, {"now", "today", "'2026-03-01'", "now - 3d", "'2026-02-28'", "today + 1d",
                            "'2026-03-01T00:00'"});
    case FieldType::duration:
      return pick(random_, {"3d", "48h", "0d", "-2w", "90s"});
    case FieldType::boolean:
      return pick(random_, {"yes", "no", "1", "false"});
    case FieldType::currency:
      return pick(random_, {"'CNY'", "'JPY'", "'usd'"});
    case FieldType::stage:
      return pick(random_, {"'new'", "'won'", "'LOST'"});
    case FieldType::choice:
      return in_quotes(
          std::string(field->choices[random_.below(static_cast<unsigned>(field->choices.size()))].label.zh));
    case FieldType::phone:
      return pick(random_, {"'13800138000'", "'138 0013 8001'", "'call me'"});
    case FieldType::email:
      return pick(random_, {"'li@example.com'", "'WANG@example.org'", "'no address'"});
    case FieldType::reference:
      return field->target == Kind::user ? pick(random_, {"me", "'li'", "3"})
                                         : pick(random_, {"1", "'li'", "9"});
    case FieldType::record:
      return pick(random_, {"'lead/1'", "'customer/2'", "'user/3'"});
    default:
      return in_quotes(sample_texts()[random_.below(static_cast<unsigned>(sample_texts().size()))]);
  }
}

std::string RandomExpression::word_test() {
  const std::string field = field_of(FieldType::text);
  if (field.empty()) return "true";
  switch (random_.below(3)) {
    case 0:
      return field + pick(random_, {" like ", " not like "}) +
             pick(random_, {"'%e%'", "'W_b'", "'%_'", "'%%%a%'", "'王%'", "'50\\%%'", "'_'", "''", "'%é'"});
    case 1:
      return field + " contains " + literal(FieldType::text, nullptr);
    default:
      return "lower(" + field + ") contains " + literal(FieldType::text, nullptr);
  }
}

std::string RandomExpression::term() {
  if (random_.one_in(4))
    return pick(random_, {"王芳", "acme", "王", "张伟 ac", "dir", "+vip", "tag!=vip", "tag=", "!!!", "138"});
  const Field* field = any_field();
  std::string value = literal(field->type, field);
  if (value.starts_with('\'')) value = value.substr(1, value.size() - 2);
  if (field->type == FieldType::date || field->type == FieldType::moment)
    value = value.substr(0, value.find(' '));
  const bool ordered = has_order(field->type);
  const std::string sign = is_text(field->type) && random_.one_in(3) ? "~"
                           : ordered ? pick(random_, {"=", "!=", ">=", "<=", "<", ">"})
                                     : pick(random_, {"=", "!="});
  const bool may_be_empty = sign == "=" || sign == "!=";
  if (may_be_empty && random_.one_in(5)) value.clear();
  if (!may_be_empty && value.empty()) value = "web";
  return std::string(field->name) + sign + value;
}

}  // namespace crm
