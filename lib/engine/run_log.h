// The log of what rules did, and why they did not.
#pragma once

#include <string>
#include <string_view>

#include "crm/session.h"

namespace crm {

namespace run_outcome {
inline constexpr const char* kActed = "acted";
inline constexpr const char* kNot = "not";
inline constexpr const char* kFailed = "failed";
}  // namespace run_outcome

struct RuleRun {
  std::string rule;
  RecordId record;
  std::string cause;  // the event, or the planned time
  const char* outcome = run_outcome::kActed;
  std::string detail;
};

// Inside a Write.
void log_run(Session& session, const RuleRun& run);
// Forgets what is older than the workflow keeps.
void prune_runs(Session& session);

}  // namespace crm
