// A row of the table that says who gets a record without an owner (`assign`). The first row that matches
// counts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace crm {

enum class AssignmentMethod : std::uint8_t {
  round_robin,  // in turn; the rotation is kept in the table assignment_turn
  least_open,   // whoever has the fewest records in stages without an outcome; ties rotate
  weighted,     // in turn, in proportion to the weights
  first,        // the first, in the order written, who can take it
};

struct AssignmentRow {
  std::string when;             // an expression; empty: every record
  std::vector<std::string> to;  // users, and teams as team/NAME; empty: the shared pool
  AssignmentMethod by = AssignmentMethod::round_robin;
  std::vector<int> weights;       // one for each of `to`, where weighted
  std::optional<int> cap;         // open records of the kind that one person may have
  std::optional<int> per_day;     // records of the kind that one person gets in a day of the workflow's zone
  std::vector<std::string> same;  // fields in which the person and the record must agree, such as region
  bool else_next = false;         // where nobody can take it, the next row that matches decides
  int line = 0;                   // of the file
};

}  // namespace crm
