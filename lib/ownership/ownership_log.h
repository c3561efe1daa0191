// What the tables and the pool must remember of who had what: daily quotas, claims, and who lost a record
// when.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "crm/session.h"

namespace crm {

struct OwnershipEntry {
  RecordId record;
  std::optional<std::int64_t> user;  // none: the table left it in the pool
  const char* how = "";              // one of those below
  int line = 0;                      // of the table's row
  std::string explanation = {};
};

namespace ownership_how {
inline constexpr const char* kTable = "table";    // given by the assignment table
inline constexpr const char* kClaim = "claim";    // taken out of the pool
inline constexpr const char* kLeft = "left";      // lost, released, or recycled
inline constexpr const char* kWarned = "warned";  // told that it goes back to the pool soon
}  // namespace ownership_how

// At the session's now; inside a Write.
void log_ownership(Session& session, const OwnershipEntry& entry);
// How many records of the kind the table gave the user since the day began in the workflow's zone.
std::int64_t given_today(Session& session, Kind kind, std::int64_t user);
// How many of them the user has claimed, by the system's clock.
std::int64_t claims_today(Session& session, Kind kind, std::int64_t user);
// When the user last lost the record, by the system's clock; nothing where never.
std::optional<std::int64_t> last_left(Session& session, RecordId record, std::int64_t user);

}  // namespace crm
