// A scheduled rule at a planned time: it acts on the records that have come to match.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "crm/session.h"
#include "process/process.h"
#include "process/schedule.h"

namespace crm {

// The records of which the condition is true at the session's now, by number; of an empty one all.
std::vector<std::int64_t> matching_records(Session& session, Kind kind, const std::string& condition);

// When a rule that says so (`again`) acts once more on a record that still matches.
class AgainAfter {
 public:
  AgainAfter(Session& session, const Rule& rule);
  // At the session's now; `acted`: when it last did. False for a rule that does not say so.
  bool is_due(Moment acted) const;

 private:
  Session& session_;
  std::optional<std::chrono::seconds> again_;
  Schedule schedule_;
};

// What a rule finds when it runs.
struct Matches {
  std::vector<std::int64_t> acted_on;  // it acts on these
  std::vector<std::int64_t> held;      // known to match already; it does not
  std::vector<std::int64_t> ceased;    // known to match, and they no longer do
};
Matches compare_matches(Session& session, const Rule& rule, const std::vector<std::int64_t>& matching);

// Whether no scheduled rule of that name is in the process that was in force.
bool is_new(const Process& before, const Rule& rule);
// The record matches, and was acted on now (or, `acted` false, is passed over). Inside a Write.
void note_match(Session& session, const Rule& rule, std::int64_t record, bool acted);
void forget_matches(Session& session, const Rule& rule, const std::vector<std::int64_t>& records);

}  // namespace crm
