// Clocks, approvals, runs of rules, turns of assignment and workflow revisions are no records: the log does
// not cover their rows. What the program never leaves them as is found all the same.
#include <string>
#include <vector>

#include "engine/rule_reactor.h"
#include "records/session_state.h"
#include "workflow/definition.h"

namespace crm {
namespace {

struct Impossible {
  const char* sql;   // rows of the subject's number or name
  const char* name;  // what that is of
  const char* what;
};

constexpr Impossible kImpossible[] = {
    {"SELECT id FROM approval WHERE state NOT IN ('waiting', 'approved', 'skipped', 'rejected', 'withdrawn', "
     "'outdated')",
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
    {"SELECT record FROM timer WHERE state NOT IN ('running', 'paused', 'met', 'late', 'over', 'missed')",
     "a clock of record", "is in a state that there is not"},
    {"SELECT record FROM timer WHERE due_at IS NOT NULL AND state <> 'running'", "a clock of record",
     "is due, and does not run"},
    {"SELECT id FROM rule_run WHERE outcome NOT IN ('acted', 'not', 'failed')", "the run of a rule",
     "has an outcome that there is not"},
    {"SELECT id FROM rule_run r WHERE change IS NOT NULL AND NOT EXISTS (SELECT 1 FROM change c WHERE c.id = "
     "r.change)",
     "the run of a rule", "names a change that is not in the log"},
    {"SELECT name FROM schedule_run WHERE ran_for < since", "the schedule",
     "ran for a time at which it did not count yet"},
    {"SELECT round FROM assignment_turn t WHERE NOT EXISTS (SELECT 1 FROM user u WHERE u.id = t.last_user)",
     "the round of assignment", "had its last turn by nobody"},
    // Who takes a turn pays what all are given for it.
    {"SELECT round FROM assignment_share GROUP BY round HAVING sum(credit) <> 0", "the round of assignment",
     "has turns that do not add up"},
    {"SELECT id FROM workflow_revision r WHERE id > 1 AND NOT EXISTS (SELECT 1 FROM workflow_revision p "
     "WHERE "
     "p.id = r.id - 1)",
     "workflow revision", "has none before it"},
};

// A revision without a text was never a file.
void check_revisions(Connection& connection, std::vector<std::string>& problems) {
  connection.each("SELECT id, source, compiled FROM workflow_revision WHERE source <> '' ORDER BY id", {},
                  [&](const Row& row) {
                    std::vector<Problem> faults;
                    const auto process = read_definition(row.text(1), {}, faults);
                    if (process && compile(*process) == compile(*from_compiled(std::string(row.text(2)))))
                      return;
                    problems.push_back("the text of workflow revision " + std::to_string(row.integer(0)) +
                                       " is not what is in force by it");
                  });
}

// Deleted records too: they can be restored.
void check_stages(Session& session, const Entity& kind, std::vector<std::string>& problems) {
  const Process& process = session.state().process();
  Connection& connection = *session.state().connection;
  const std::string table = "\"" + std::string(kind.table) + "\"";
  connection.each("SELECT stage, min(id), count(*) FROM " + table + " GROUP BY stage", {},
                  [&](const Row& row) {
                    const std::string stage(row.text(0));
                    if (process.find_stage(kind.kind, stage) != nullptr) return;
                    const std::int64_t others = row.integer(2) - 1;
                    problems.push_back(to_string(RecordId{kind.kind, row.integer(1)}) +
                                       (others > 0 ? " and " + std::to_string(others) + " more are" : " is") +
                                       " in the stage '" + stage + "', which the workflow does not have");
                  });
}

}  // namespace

void RuleReactor::verify(Session& session, std::vector<std::string>& problems) {
  Connection& connection = *session.state().connection;
  for (const Impossible& one : kImpossible) {
    connection.each(one.sql, {}, [&](const Row& row) {
      problems.push_back(std::string(one.name) + ' ' + std::string(row.text(0)) + ' ' + one.what);
    });
  }
  check_revisions(connection, problems);
  for (const Entity& kind : entities()) {
    if (!kind.has_stages) continue;
    check_stages(session, kind, problems);
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
