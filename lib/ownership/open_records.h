// Records that are still worked on.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "crm/session.h"
#include "store/connection.h"

namespace crm {

// The condition that a record of the kind, the row `r`, is open: in a stage without an outcome, a plan that
// is not settled, else any that is not deleted. The names of the stages are appended to the parameters.
std::string open_condition(Session& session, Kind kind, std::vector<Param>& params);
// "3 open leads", "1 lead".
std::string counted(std::int64_t count, Kind kind, std::string_view adjective = {});
std::int64_t count_open(Session& session, Kind kind, std::int64_t owner);

}  // namespace crm
