// A checked expression: every name is a field, every constant a stored value of the right type. What render.h
// and evaluate.h take.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "crm/kind.h"
#include "crm/time.h"
#include "crm/value.h"

namespace crm {

enum class ValueType : std::uint8_t {
  boolean,  // 0/1; conditions too
  text,     // also choices, stages and currencies
  integer,
  money,      // minor units of the record's currency
  decimal,    // only constants beside money: ten-thousandths of the currency's unit
  date,       // text YYYY-MM-DD
  moment,     // Unix seconds
  duration,   // seconds
  reference,  // a record's id
  record,     // "lead/42"; only compared with = and <>
  tags,       // only tested
  refs,       // only tested
};

enum class NodeKind : std::uint8_t {
  constant,
  field,
  key,       // the normalised form (E.164, folded) of a phone or e-mail field
  previous,  // the field's value before the change
  changed,   // whether the field's value differs from the one before the change
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  one_of,    // parts[0] among the constants that follow
  like,      // SQL's LIKE, ASCII letters without case, no escape character; `value` is the pattern
  contains,  // the text `value` is within parts[0], ASCII letters without case
  is_null,
  has_tag,
  has_any_tag,
  has_ref,  // SOURCE/KEY
  has_any_ref,
  search,  // `value` holds the words
  all,
  any,
  negation,
  sum,    // of its parts; the constant ones are folded
  minus,  // of a sum's part that is taken away
  lower,
  length,
  coalesce,
  days_between,  // whole days of 24 hours from the first to the second, of two dates or two moments
};

struct ConditionNode {
  NodeKind kind = NodeKind::constant;
  ValueType type = ValueType::boolean;
  const Field* field = nullptr;  // the field, or for other values the one whose choices or target it shares
  Value value = {};
  std::vector<ConditionNode> parts = {};
};

// A condition on one record of a kind, at one moment. The fields it points to belong to the KindView it was
// checked against.
struct Condition {
  Kind kind{};
  Moment now{};
  std::string default_currency;     // of amounts whose record names none
  int default_exponent = 2;         // its decimal places
  const Field* currency = nullptr;  // the field that names a record's currency; null where the kind has none
  ConditionNode root;
};

// All of them hold. They are of one kind and moment; at least one.
Condition all_of(std::vector<Condition> conditions);

// The amount, in ten-thousandths, in units of 10^-exponent, rounded down; whether nothing was lost.
struct ScaledAmount {
  std::int64_t minor = 0;
  bool exact = true;
};
ScaledAmount scaled_amount(std::int64_t ten_thousandths, int exponent);

}  // namespace crm
