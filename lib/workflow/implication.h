// Whether a condition can only hold where another one does, or only where it does not.
#pragma once

#include "filter/expression.h"

namespace crm {

// True where `narrow` implies `wide` by what can be seen from their text: parts of conjunctions and
// disjunctions, equal tests, bounds on numbers and lists of values. False says nothing.
bool implies(const Expr& narrow, const Expr& wide);
// True where no record can meet both, by what can be seen in the same way. False says nothing.
bool excludes(const Expr& a, const Expr& b);

}  // namespace crm
