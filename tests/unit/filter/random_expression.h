// Random expressions whose types fit.
#pragma once

#include <string>
#include <vector>

#include "crm/kind.h"
#include "unit/random.h"

namespace crm {

class RandomExpression {
 public:
  RandomExpression(Random& random, const KindView& view) : random_(random), view_(view) {}

  std::string condition(int depth);
  std::string term();

 private:
  std::string test(int depth);
  std::string comparison(FieldType type, int depth);
  std::string operand(FieldType type, int depth);
  std::string literal(FieldType type, const Field* field);
  std::string field_of(FieldType type);
  const Field* any_field();
  std::string word_test();

  Random& random_;
  const KindView& view_;
};

}  // namespace crm
