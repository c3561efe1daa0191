// Puts a process in force.
#include <algorithm>
#include <utility>

#include "base/text.h"
#include "crm/records.h"
#include "crm/workflow.h"
#include "records/reactor.h"
#include "records/read_value.h"
#include "records/record_words.h"
#include "records/rights.h"
#include "records/search_rebuild.h"
#include "records/session_state.h"
#include "workflow/columns.h"
#include "workflow/definition.h"
#include "workflow/difference.h"
#include "workflow/named_people.h"
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

// Where a file has roles, somebody must be able to apply the next one, and whoever applies this one too: else
// nobody might be left who can.
void check_admin_remains(Session& session, const Process& process) {
  if (process.roles.empty()) return;
  Connection& connection = *session.state().connection;
  const Param params[] = {kAdminRole};
  if (!connection.exists("SELECT 1 FROM user WHERE role = $1 AND active = 1 AND deleted_at IS NULL",
                         params)) {
    throw Error(ErrorCode::invalid, "nobody has the role 'admin': the workflow could not be changed any more",
                "give it to somebody first: crm user edit NAME --role admin");
  }
  const std::string& account = session.state().options.account;
  if (account.empty()) return;
  const auto user = find_user(session, account);
  const Param mine[] = {user, kAdminRole};
  if (user && connection.exists("SELECT 1 FROM user WHERE id = $1 AND role = $2 AND active = 1", mine))
    return;
  throw Error(ErrorCode::invalid,
              "with these roles the account " + quoted(account) +
                  " could not change the workflow any more: it " +
                  (user ? "is no admin" : "is nobody's login"),
              user ? "crm user edit " + account + " --role admin" : "crm user edit NAME --login " + account);
}

// The revision's number and compiled process are still to be given.
WorkflowChange put_in_force(Session& session, const Process& process, Revision revision,
                            std::span<const StageMapping> mappings) {
  Session::State& state = session.state();
  Connection& connection = *state.connection;
  Write write(session);
  const Revision former = active_revision(connection);
  const std::unique_ptr<Process> before = from_compiled(former.compiled);
  require_admin(session, "may not put a workflow in force");
  check_admin_remains(session, process);
  // What a file moves or renames is its own doing, not that of the records' owners.
  const WorkflowRights rights(session);
  check_named_people(session, process);
  check_mappings(session, *before, process, mappings);
  add_columns(connection, process);
  revision.compiled = compile(process);
  WorkflowChange change;
  change.differences = differences(*before, process);
  const std::string former_rules = search_rules(session);
  ProcessInForce in_force(state, revision.compiled);
  change.revision = add_revision(connection, revision, now_seconds(session), session.login());
  change.moved = move_stages(session, *before, mappings);
  for (Reactor* reactor : reactors()) reactor->process_changed(session, *before);
  if (!session.dry_run() && search_rules(session) != former_rules) SearchRebuild(session).finish();
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
  if (active.source == text) {
    WorkflowChange change;
    change.revision = active.number;
    change.unchanged = true;
    return change;
  }
  constexpr std::string_view kStandardInput = "-";
  return put_in_force(
      session, *process,
      {0, process->name, file == kStandardInput ? std::string() : file, std::string(text), {}}, mappings);
}

WorkflowChange roll_back_workflow(Session& session, std::int64_t revision,
                                  std::span<const StageMapping> mappings) {
  Revision earlier = find_revision(*session.state().connection, revision);
  const Revision active = active_revision(*session.state().connection);
  if (active.number == revision) {
    throw Error(ErrorCode::invalid,
                "the workflow revision " + std::to_string(revision) + " is in force already",
                "'crm workflow list' shows the earlier ones");
  }
  const std::unique_ptr<Process> process = from_compiled(earlier.compiled);
  return put_in_force(session, *process, std::move(earlier), mappings);
}

}  // namespace crm
