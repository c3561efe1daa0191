// Tables that rate a record (`score`, `level`); they are worked out anew at every write.
#pragma once

#include <string>

namespace crm {

// The points of all rows that match add up to the field `score`.
struct ScoreRow {
  std::string when;  // an expression; empty: every record
  int points = 0;
  int line = 0;
};

// The first row that matches sets the field `level`, and `level_reason`.
struct LevelRow {
  std::string when;  // an expression; empty: every record
  std::string level;
  std::string reason;
  int line = 0;
};

}  // namespace crm
