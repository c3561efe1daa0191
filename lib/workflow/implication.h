// Whether a condition can only hold where another one does, or only where it does not.
#pragma once

#include <cstddef>
#include <cstdint>

#include "filter/expression.h"

namespace crm {

// What comparing the conditions of one file may cost: how many tests and values are still to be looked at.
// A file holds up to a megabyte of conditions, and each is held against all before it.
class ComparingEffort {
 public:
  bool is_spent() const { return left_ <= 0; }
  void spend(std::size_t looked_at) { left_ -= static_cast<std::int64_t>(looked_at); }

 private:
  std::int64_t left_ = 2'000'000;
};

// True where `narrow` implies `wide` by what can be seen from their text: parts of conjunctions and
// disjunctions, equal tests, bounds on numbers and lists of values. False says nothing; it is false once the
// effort is spent.
bool implies(const Expr& narrow, const Expr& wide, ComparingEffort& effort);
// True where no record can meet both, by what can be seen in the same way. False says nothing; it is false
// once the effort is spent.
bool excludes(const Expr& a, const Expr& b, ComparingEffort& effort);

}  // namespace crm
