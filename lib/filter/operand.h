// Literals as stored values and names as fields: part of the check.
#pragma once

#include <string>

#include "filter/check.h"

namespace crm {

class OperandReader {
 public:
  OperandReader(const Expression& expression, const FilterContext& context)
      : expression_(expression), context_(context) {}

  // A text, number or raw value as a constant of the type; `field` says which choices or which kind of
  // record. Dates and moments become a constant of type date where they are written as a day, else of type
  // moment; a number that is not whole beside whole ones, and any beside money, one of type decimal.
  ConditionNode read(const Expr& literal, ValueType type, const Field* field) const;
  // A literal by itself.
  ConditionNode read_alone(const Expr& literal) const;
  // "15d".
  ConditionNode duration(const Expr& literal) const;
  ConditionNode now() const;
  ConditionNode today() const;
  ConditionNode me(const Expr& expr) const;
  ConditionNode field(const Expr& expr) const;

  // "leads have no field 'stge'".
  std::string no_field(const std::string& name) const;

  [[noreturn]] void fail(const Expr& at, const std::string& message, const std::string& hint = {}) const;

 private:
  [[noreturn]] void fail_type(const Expr& literal, ValueType type) const;
  ConditionNode text(const Expr& literal, const Field* field) const;
  ConditionNode integer(const Expr& literal) const;
  ConditionNode decimal(const Expr& literal) const;
  ConditionNode boolean(const Expr& literal) const;
  ConditionNode day_or_moment(const Expr& literal) const;
  ConditionNode reference(const Expr& literal, const Field& field) const;
  ConditionNode record(const Expr& literal) const;
  std::string choice(const Expr& literal, const Field& field) const;
  std::string stage(const Expr& literal, const Field& field) const;

  const Expression& expression_;
  const FilterContext& context_;
};

ConditionNode constant(ValueType type, Value value, const Field* field = nullptr);
// What a message calls a value of the type, with its article: "a number".
std::string type_name(ValueType type);

}  // namespace crm
