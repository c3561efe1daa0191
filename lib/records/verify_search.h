// Whether the search index has the words of all records.
#pragma once

#include <string>
#include <vector>

#include "crm/session.h"

namespace crm {

// Adds a line for each kind of which records cannot be found by all of their words, and one where the index
// has words of records that are gone.
void check_search_index(Session& session, std::vector<std::string>& problems);

}  // namespace crm
