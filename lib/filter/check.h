// The meaning of an expression: names become fields, literals become stored values, types must fit.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crm/kind.h"
#include "crm/time.h"
#include "filter/condition.h"
#include "filter/expression.h"

namespace crm {

// What a check needs to know. Functions that are empty are not asked.
struct FilterContext {
  const KindView* view = nullptr;
  Moment now{};
  TimeZone zone{};
  std::string currency = {};             // of a bare amount
  std::vector<std::string> stages = {};  // the kind's stages; empty: any name is taken
  std::optional<std::int64_t> me = {};   // the acting user's id; absent: `me` is an error
  bool after_change = false;             // changed() and was() are allowed
  // A record by name (or any form a user may write that is not KIND/ID): its id, or nothing. May throw
  // Error{invalid} with a better message. Empty: names are not looked up (a check without a database) and the
  // condition must not be used.
  std::function<std::optional<std::int64_t>(Kind, std::string_view)> find_record = {};
  // Whether the actor may see the field's values. Empty: all.
  std::function<bool(const Field&)> may_see = {};
  // The key of a phone number as typed, or nothing where it cannot be read. Empty: phones are compared as
  // typed.
  std::function<std::optional<std::string>(std::string_view)> phone_key = {};
};

// Throws Error{invalid} with a place in the source: an unknown field, function or name (with the nearest),
// types that do not fit, a value that cannot be read; Error{not_permitted} for a field that the actor may not
// see.
//
// A moment compared with a day ('2026-03-01', today) is compared by days: `=` is within the day, `<=` up to
// its end. The language is otherwise SQL's, with its three-valued logic.
Condition check_expression(const Expression& expression, const FilterContext& context);

}  // namespace crm
