#include "filter/operand.h"

#include <utility>

#include "base/money.h"
#include "base/text.h"

namespace crm {
namespace {

// Longer ones could overflow when added to a moment.
constexpr std::int64_t kMaxDuration = 1'000'000'000'000;

bool means(const Choice& choice, const std::string& key) {
  if (folded(choice.name) == key || folded(choice.label.en) == key || folded(choice.label.zh) == key)
    return true;
  std::string_view aliases = choice.aliases;
  while (!aliases.empty()) {
    const std::size_t bar = aliases.find('|');
    if (folded(aliases.substr(0, bar)) == key) return true;
    if (bar == std::string_view::npos) break;
    aliases.remove_prefix(bar + 1);
  }
  return false;
}

ValueType value_type(FieldType type) {
  switch (type) {
    case FieldType::integer:
      return ValueType::integer;
    case FieldType::boolean:
      return ValueType::boolean;
    case FieldType::money:
      return ValueType::money;
    case FieldType::date:
      return ValueType::date;
    case FieldType::moment:
      return ValueType::moment;
    case FieldType::duration:
      return ValueType::duration;
    case FieldType::reference:
      return ValueType::reference;
    case FieldType::record:
      return ValueType::record;
    case FieldType::tags:
      return ValueType::tags;
    case FieldType::refs:
      return ValueType::refs;
    default:
      return ValueType::text;
  }
}

std::string nearest_hint(std::string_view text, const std::vector<std::string>& known,
                         std::string_view kind) {
  if (const auto near = nearest(text, known)) return "did you mean " + quoted(*near) + "?";
  return known.empty() ? std::string() : std::string(kind) + " are " + listed(known);
}

// What to write where a term lists several values, as in stage=new,lost; else the other hint.
std::string hint_where_several(const Expr& literal, const Field& field, std::string other) {
  if (literal.kind != ExprKind::raw || literal.text.find(',') == std::string::npos) return other;
  std::string values;
  std::string_view rest = literal.text;
  for (;;) {
    const std::size_t comma = rest.find(',');
    values += (values.empty() ? "'" : ", '") + std::string(trimmed(rest.substr(0, comma))) + '\'';
    if (comma == std::string_view::npos) break;
    rest.remove_prefix(comma + 1);
  }
  return "several values are written as --where \"" + std::string(field.name) + " in (" + values + ")\"";
}

}  // namespace

ConditionNode constant(ValueType type, Value value, const Field* field) {
  return {NodeKind::constant, type, field, std::move(value), {}};
}

std::string type_name(ValueType type) {
  switch (type) {
    case ValueType::boolean:
      return "a condition";
    case ValueType::text:
      return "a text";
    case ValueType::integer:
    case ValueType::decimal:
      return "a number";
    case ValueType::money:
      return "an amount";
    case ValueType::date:
      return "a date";
    case ValueType::moment:
      return "a time";
    case ValueType::duration:
      return "a duration";
    case ValueType::reference:
    case ValueType::record:
      return "a record";
    case ValueType::tags:
      return "a list of tags";
    case ValueType::refs:
      return "a list of references";
  }
  return "a value";
}

void OperandReader::fail(const Expr& at, const std::string& message, const std::string& hint) const {
  throw expression_error(expression_.source, expression_.origin, at.offset, message, hint);
}

void OperandReader::fail_type(const Expr& literal, ValueType type) const {
  const bool is_text = literal.kind != ExprKind::number;
  std::string hint;
  switch (type) {
    case ValueType::text:
      hint = "write it in quotes";
      break;
    case ValueType::integer:
    case ValueType::money:
    case ValueType::decimal:
      hint = "write it without quotes";
      break;
    case ValueType::duration:
      hint = "a duration is written as 30m, 48h, 15d or 2w";
      break;
    case ValueType::date:
    case ValueType::moment:
      hint = "a date is written as '2026-03-01', in quotes";
      break;
    case ValueType::boolean:
      hint = "it is compared with true or false";
      break;
    case ValueType::record:
      hint = "a record is written as 'lead/42', in quotes";
      break;
    default:
      break;
  }
  fail(literal,
       quoted(literal.text) + " is " + (is_text ? "a text" : "a number") + ", not " + type_name(type), hint);
}

ConditionNode OperandReader::read(const Expr& literal, ValueType type, const Field* field) const {
  const bool raw = literal.kind == ExprKind::raw;
  const bool is_text = raw || literal.kind == ExprKind::text;
  const bool is_number = raw || literal.kind == ExprKind::number;
  switch (type) {
    case ValueType::text:
      if (is_text) return text(literal, field);
      break;
    case ValueType::integer:
      if (is_number) return integer(literal);
      break;
    case ValueType::money:
    case ValueType::decimal:
      if (is_number) return decimal(literal);
      break;
    case ValueType::boolean:
      if (raw) return boolean(literal);
      break;
    case ValueType::date:
    case ValueType::moment:
      if (is_text) return day_or_moment(literal);
      break;
    case ValueType::duration:
      if (raw) return duration(literal);
      break;
    case ValueType::reference:
      if (is_text || is_number) return reference(literal, *field);
      break;
    case ValueType::record:
      if (is_text) return record(literal);
      break;
    case ValueType::tags:
    case ValueType::refs:
      if (is_text) return constant(ValueType::text, literal.text);
      break;
  }
  fail_type(literal, type);
}

ConditionNode OperandReader::read_alone(const Expr& literal) const {
  if (literal.kind == ExprKind::null)
    fail(literal, "'null' has no meaning here", "absence is tested by 'is null'");
  return read(literal, literal.kind == ExprKind::number ? ValueType::decimal : ValueType::text, nullptr);
}

ConditionNode OperandReader::text(const Expr& literal, const Field* field) const {
  std::string value = literal.text;
  if (field != nullptr && field->type == FieldType::choice) value = choice(literal, *field);
  if (field != nullptr && field->type == FieldType::stage) value = stage(literal, *field);
  if (field != nullptr && field->type == FieldType::currency) {
    for (char& c : value) {
      if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    }
    if (!currency_exponent(value))
      fail(literal, "there is no currency " + quoted(literal.text), "currencies are ISO 4217 codes, as CNY");
  }
  return constant(ValueType::text, std::move(value), field);
}

std::string OperandReader::choice(const Expr& literal, const Field& field) const {
  const std::string key = folded(literal.text);
  std::vector<std::string> names;
  for (const Choice& candidate : field.choices) {
    if (means(candidate, key)) return std::string(candidate.name);
    names.emplace_back(candidate.name);
  }
  fail(literal, quoted(literal.text) + " is not a value of " + quoted(field.name),
       hint_where_several(literal, field, nearest_hint(literal.text, names, "its values")));
}

std::string OperandReader::stage(const Expr& literal, const Field& field) const {
  if (context_.stages.empty()) return literal.text;
  const std::string key = folded(literal.text);
  for (const std::string& candidate : context_.stages) {
    if (folded(candidate) == key) return candidate;
  }
  fail(literal, "there is no stage " + quoted(literal.text),
       hint_where_several(literal, field, nearest_hint(literal.text, context_.stages, "the stages")));
}

ConditionNode OperandReader::integer(const Expr& literal) const {
  if (const auto whole = parse_decimal(trimmed(literal.text), 0)) return constant(ValueType::integer, *whole);
  return decimal(literal);
}

ConditionNode OperandReader::decimal(const Expr& literal) const {
  constexpr int kPlaces = 4;
  if (const auto value = parse_decimal(trimmed(literal.text), kPlaces))
    return constant(ValueType::decimal, *value);
  if (literal.kind == ExprKind::raw) {
    // A written amount, as ¥1,250.50. One of a foreign currency would have to be converted.
    const auto amount = parse_money(literal.text, context_.currency);
    const int exponent = currency_exponent(context_.currency).value_or(2);
    if (amount && (amount->currency.empty() || amount->currency == context_.currency)) {
      if (const auto value = parse_decimal(format_money(amount->minor, context_.currency), kPlaces);
          value && exponent <= kPlaces) {
        return constant(ValueType::decimal, *value);
      }
    }
  }
  fail(literal, quoted(literal.text) + " is not a number that can be compared",
       "a number is written as 5000 or -12.50, with at most 4 decimals");
}

ConditionNode OperandReader::boolean(const Expr& literal) const {
  const std::string word = ascii_lower(trimmed(literal.text));
  const bool yes = word == "yes" || word == "true" || word == "1";
  if (!yes && word != "no" && word != "false" && word != "0") {
    fail(literal, quoted(literal.text) + " is neither yes nor no", "write yes or no");
  }
  return constant(ValueType::boolean, std::int64_t{yes ? 1 : 0});
}

ConditionNode OperandReader::duration(const Expr& literal) const {
  const bool negative = literal.text.starts_with('-');
  const auto length =
      parse_duration(negative ? std::string_view(literal.text).substr(1) : trimmed(literal.text));
  if (!length || length->count() > kMaxDuration) {
    fail(literal, quoted(literal.text) + " is not a duration",
         "a duration is written as 30m, 48h, 15d or 2w");
  }
  return constant(ValueType::duration, std::int64_t{negative ? -length->count() : length->count()});
}

ConditionNode OperandReader::day_or_moment(const Expr& literal) const {
  try {
    const Moment begin = parse_when(literal.text, context_.now, context_.zone, DayEdge::start);
    const Moment end = parse_when(literal.text, context_.now, context_.zone, DayEdge::end);
    // The end of a period (eom) is a moment too: the last second that a --to includes.
    if (end - begin <= std::chrono::seconds(1))
      return constant(ValueType::moment, std::int64_t{begin.time_since_epoch().count()});
    if (const auto day = parse_iso_date(trimmed(literal.text)))
      return constant(ValueType::date, format_date(*day));
    return constant(ValueType::date, format_date(context_.zone.to_local(begin).date));
  } catch (const Error& error) {
    fail(literal, error.message(), error.hint());
  }
}

ConditionNode OperandReader::reference(const Expr& literal, const Field& field) const {
  const auto found = [&](std::int64_t id) { return constant(ValueType::reference, id, &field); };
  const std::string_view name = trimmed(literal.text);
  if (const auto number = parse_decimal(name, 0); number && *number > 0 && literal.kind == ExprKind::number)
    return found(*number);
  if (literal.kind == ExprKind::number) fail(literal, quoted(name) + " is not the number of a record");
  if (const auto named = parse_record_id(name); named && named->kind == field.target) return found(named->id);
  if (!context_.find_record) return found(0);
  try {
    if (const auto id = context_.find_record(field.target, name)) return found(*id);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::invalid) throw;
    fail(literal, error.message(), error.hint());
  }
  if (const auto number = parse_decimal(name, 0); number && *number > 0) return found(*number);
  if (literal.kind == ExprKind::raw && name == "me" && field.target == Kind::user && context_.me)
    return found(*context_.me);
  const std::string kind(entity(field.target).name);
  fail(literal, "there is no " + kind + ' ' + quoted(name),
       hint_where_several(literal, field, "'crm " + kind + " list' shows those there are"));
}

ConditionNode OperandReader::record(const Expr& literal) const {
  const auto id = parse_record_id(trimmed(literal.text));
  if (!id) fail(literal, quoted(literal.text) + " does not name a record", "a record is written as lead/42");
  return constant(ValueType::record, to_string(*id));
}

ConditionNode OperandReader::now() const {
  return constant(ValueType::moment, std::int64_t{context_.now.time_since_epoch().count()});
}

ConditionNode OperandReader::today() const {
  return constant(ValueType::date, format_date(context_.zone.to_local(context_.now).date));
}

ConditionNode OperandReader::me(const Expr& expr) const {
  static constexpr Field kUser{.name = "me", .type = FieldType::reference, .label = {}, .target = Kind::user};
  if (!context_.me) fail(expr, "'me' means nobody here");
  return constant(ValueType::reference, *context_.me, &kUser);
}

ConditionNode OperandReader::field(const Expr& expr) const {
  const Field* found = context_.view->find(expr.text);
  if (found == nullptr) {
    const auto near = nearest(expr.text, context_.view->names());
    fail(expr, no_field(expr.text),
         near ? "did you mean " + quoted(*near) + "?"
              : "crm schema " + std::string(context_.view->entity().name) + " lists the fields");
  }
  if (context_.may_see && !context_.may_see(*found)) {
    throw Error(ErrorCode::not_permitted,
                "you may not see " + quoted(found->name) + ", so it cannot be asked for")
        .about_field(std::string(found->name));
  }
  return {NodeKind::field, value_type(found->type), found, {}, {}};
}

std::string OperandReader::no_field(const std::string& name) const {
  return std::string(context_.view->entity().plural.en) + " have no field " + quoted(name);
}

}  // namespace crm
