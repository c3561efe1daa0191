// The rules of the shared pool: records of a kind that nobody owns (`pool`).
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace crm {

// An open record goes back to the pool once its owner has not followed it up for so long. The first row that
// matches counts.
struct RecycleRow {
  std::string when;  // an expression; empty: every record
  int after_days = 0;
  int warn_days = 0;  // its owner is warned so many days before; 0: not
  int line = 0;
};

struct PoolRules {
  std::optional<int> claims_per_day;  // of one person, in a day of the workflow's zone
  std::optional<int> hold;            // open records that one person may have and still claim another
  std::optional<int>
      cooling_off_days;       // so long the one who lost or released a record may not claim it again
  std::string warn_template;  // the message of a warning; empty: a built-in one
  std::vector<RecycleRow> recycle;
};

}  // namespace crm
