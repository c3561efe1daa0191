#include "outbox/person_zone.h"

#include "crm/error.h"

namespace crm {

TimeZone zone_of_person(const Session& session, const std::string& name) {
  if (name.empty()) return session.zone();
  try {
    return TimeZone::load(name);
  } catch (const Error&) {
    return session.zone();
  }
}

}  // namespace crm
