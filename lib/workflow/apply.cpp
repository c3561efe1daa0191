// Puts a process in force.
#include <algorithm>
#include <utility>

#include "base/text.h"
#include "crm/workflow.h"
#include "records/read_value.h"
#include "records/session_state.h"
#include "workflow/columns.h"
#include "workflow/definition.h"
#include "workflow/difference.h"
#include "workflow/revisions.h"
#include "workflow/stage_moves.h"

namespace crm {
namespace {

// The session acts by another process, and by the former again where that is not kept.
class ProcessInForce {
 public:
  ProcessInForce(Session::State& state, std::string compiled)
      : state_(state), former_(state.compiled_process) {
    state_.replace_process(std::move(compiled));
  }
  ~ProcessInForce() {
    if (!kept_) state_.replace_process(std::move(former_));
  }
  ProcessInForce(const ProcessInForce&) = delete;
  ProcessInForce& operator=(const ProcessInForce&) = delete;
  void keep() { kept_ = true; }

 private:
  Session::State& state_;
  std::string former_;
  bool kept_ = false;
};

// The persons that a file names, against those of the database.
void check_people(Session& session, const Process& process) {
  for (const Reminder& reminder : process.reminders) {
    for (const std::string& person : {reminder.to, reminder.escalate_to}) {
      if (person.empty() || person == "owner" || person == "manager" || person == "team-lead") continue;
      if (find_user(session, person)) continue;
      throw Error(ErrorCode::invalid,
                  "the reminder " + quoted(reminder.name) + " goes to " + quoted(person) + ", who is no user",
                  "write owner, manager, team-lead or the name of a user");
    }
  }
}

WorkflowChange put_in_force(Session& session, const Process& process, const std::string& source,
                            std::span<const StageMapping> mappings) {
  Session::State& state = session.state();
  Connection& connection = *state.connection;
  Write write(session);
  const Revision former = active_revision(connection);
  const std::unique_ptr<Process> before = from_compiled(former.compiled);
  check_people(session, process);
  check_mappings(session, *before, process, mappings);
  add_columns(connection, process);
  const Revision revision{0, process.name, source, compile(process)};
  WorkflowChange change;
  change.differences = differences(*before, process);
  ProcessInForce in_force(state, revision.compiled);
  change.revision = add_revision(connection, revision, now_seconds(session), session.login());
  change.moved = move_stages(session, *before, mappings);
  write.commit();
  if (!session.dry_run()) in_force.keep();
  return change;
}

}  // namespace

WorkflowChange apply_workflow(Session& session, std::string_view text, const std::string& file,
                              std::span<const StageMapping> mappings) {
  std::vector<Problem> problems;
  const std::unique_ptr<Process> process = read_definition(text, file, problems);
  if (process == nullptr) {
    const std::string count =
        std::to_string(problems.size()) + (problems.size() == 1 ? " problem" : " problems");
    throw Error(ErrorCode::invalid, "the workflow file " + quoted(file) + " has " + count,
                "nothing was changed")
        .with_problems(std::move(problems));
  }
  const Revision active = active_revision(*session.state().connection);
  if (active.source == text && mappings.empty()) {
    WorkflowChange change;
    change.revision = active.number;
    change.unchanged = true;
    return change;
  }
  return put_in_force(session, *process, std::string(text), mappings);
}

WorkflowChange roll_back_workflow(Session& session, std::int64_t revision,
                                  std::span<const StageMapping> mappings) {
  const Revision earlier = find_revision(*session.state().connection, revision);
  const Revision active = active_revision(*session.state().connection);
  if (active.number == revision) {
    throw Error(ErrorCode::invalid,
                "the workflow revision " + std::to_string(revision) + " is in force already",
                "'crm workflow list' shows the earlier ones");
  }
  return put_in_force(session, *from_compiled(earlier.compiled), earlier.source, mappings);
}

}  // namespace crm
