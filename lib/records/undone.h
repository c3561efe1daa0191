// Whether something in the log is taken back.
#pragma once

#include <string>

namespace crm {

// SQL: whether the change of that column is undone, or one that the other column or subquery names took it
// back, and that not undone in turn.
inline std::string is_undone_sql(const std::string& change, const std::string& undone_by) {
  return "EXISTS (SELECT 1 FROM change u WHERE (u.undoes = " + change + " OR u.id IN (" + undone_by +
         ")) AND NOT EXISTS (SELECT 1 FROM change v WHERE v.undoes = u.id))";
}

}  // namespace crm
