// Planned times of scheduled rules and of reminders.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "crm/session.h"
#include "process/process.h"

namespace crm {

// What is looked at once a day where time alone changes something: the pool, scores, levels.
inline const std::string kDailyLook = "/daily";

// At most one of the two is there; none: the daily look.
struct Planned {
  const Rule* rule = nullptr;
  const Reminder* reminder = nullptr;
  Moment at{};

  const std::string& name() const {
    return rule != nullptr ? rule->name : reminder != nullptr ? reminder->name : kDailyLook;
  }
  // As the file says it; empty for the daily look.
  std::string every() const {
    return rule != nullptr ? rule->every : reminder != nullptr ? reminder->every : std::string();
  }
};

// The schedules of the process in force count from now on, unless they stood in the one before as they are.
// What a rule that is gone knew of records is forgotten. Inside a Write.
void note_schedules(Session& session, const Process& before);
// Each schedule whose latest planned time until then it has not run for: once, however many times were
// missed. Earliest first.
std::vector<Planned> due_schedules(Session& session, Moment until);
// The planned times that come next, one for each schedule, earliest first: after the last that it ran for.
std::vector<Planned> next_schedules(Session& session);
// It has run for that time. Inside a Write.
void note_ran(Session& session, const Planned& planned);

}  // namespace crm
