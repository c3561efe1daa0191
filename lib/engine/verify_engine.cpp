// Clocks and approvals are no records: the log does not cover their rows. What the program never leaves them
// as is found all the same.
#include <string>
#include <vector>

#include "engine/rule_reactor.h"
#include "records/session_state.h"

namespace crm {
namespace {

struct Impossible {
  const char* sql;   // rows of the subject's number
  const char* name;  // what the number is of
  const char* what;
};

constexpr Impossible kImpossible[] = {
    {"SELECT id FROM approval WHERE state NOT IN ('waiting', 'approved', 'skipped', 'rejected', 'withdrawn')",
     "approval", "is in a state that there is not"},
    {"SELECT id FROM approval WHERE (state = 'waiting') <> (decided_at IS NULL) OR (decided_at IS NULL) <> "
     "(decided_by IS NULL)",
     "approval", "was decided by nobody, or waits though it was decided"},
    {"SELECT id FROM approval a WHERE state = 'approved' AND NOT EXISTS (SELECT 1 FROM approval_seat s WHERE "
     "s.request = a.id AND s.decision = 'approved')",
     "approval", "counts as approved, and nobody approved it"},
    {"SELECT id FROM approval a WHERE state <> 'rejected' AND EXISTS (SELECT 1 FROM approval_seat s WHERE "
     "s.request = a.id AND s.decision = 'rejected')",
     "approval", "was rejected by somebody, and does not count as rejected"},
    {"SELECT id FROM approval WHERE done_at IS NOT NULL AND state NOT IN ('approved', 'skipped')", "approval",
     "was carried out, and is not given"},
    {"SELECT request FROM approval_seat WHERE (decision IS NULL) <> (by_user IS NULL)", "approval",
     "has a decision by nobody"},
    {"SELECT record FROM timer WHERE state NOT IN ('running', 'paused', 'met', 'over', 'missed')",
     "a clock of record", "is in a state that there is not"},
    {"SELECT record FROM timer WHERE due_at IS NOT NULL AND state <> 'running'", "a clock of record",
     "is due, and does not run"},
};

}  // namespace

void RuleReactor::verify(Session& session, std::vector<std::string>& problems) {
  Connection& connection = *session.state().connection;
  for (const Impossible& one : kImpossible) {
    connection.each(one.sql, {}, [&](const Row& row) {
      problems.push_back(std::string(one.name) + ' ' + std::to_string(row.integer(0)) + ' ' + one.what);
    });
  }
  for (const Entity& kind : entities()) {
    if (!kind.has_stages) continue;
    const Param params[] = {static_cast<std::int64_t>(kind.kind)};
    connection.each(
        "SELECT DISTINCT t.record FROM timer t WHERE t.kind = $1 AND NOT EXISTS (SELECT 1 FROM \"" +
            std::string(kind.table) + "\" r WHERE r.id = t.record)",
        params, [&](const Row& row) {
          problems.push_back(to_string(RecordId{kind.kind, row.integer(0)}) +
                             " has a clock, but is not in the database");
        });
  }
}

}  // namespace crm
