// What a session knows, for the checking of conditions.
#pragma once

#include <span>
#include <string>

#include "crm/records.h"
#include "filter/check.h"
#include "filter/render.h"

namespace crm {

FilterContext filter_context(Session& session, Kind kind);

// The selection as SQL over the row `r`: always includes that the record is not (or, if asked for, is)
// deleted. Parameters count from `first`.
struct SelectionSql {
  std::string sql;
  std::vector<Value> params;
  bool conditional = false;  // the user gave a condition
};
SelectionSql render_selection(Session& session, Kind kind, const Selection& selection, int first);

}  // namespace crm
