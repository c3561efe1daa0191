// What a session knows, for the checking of conditions.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "crm/records.h"
#include "filter/check.h"
#include "filter/render.h"

namespace crm {

// The search text holds phones and addresses: whoever may not see them may not look for them, or a search
// would give them away. Throws Error{not_permitted} where the words could be one.
void refuse_concealed_search(Session& session, const KindView& view, std::string_view words);

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
