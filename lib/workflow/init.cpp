// A new database: the process it begins with, and the acting user as the first one.
#include <filesystem>
#include <system_error>

#include "base/country.h"
#include "base/money.h"
#include "base/text.h"
#include "crm/error.h"
#include "crm/identity.h"
#include "crm/records.h"
#include "crm/workflow.h"
#include "records/read_value.h"
#include "records/session_state.h"
#include "workflow/definition.h"
#include "workflow/named_people.h"

namespace crm {
namespace {

void add_missing_teams(Session& session, const NamedPeople& named) {
  std::vector<std::string> made;
  for (const std::string& name : named.teams) {
    if (find_team(session, name)) continue;
    const FieldText fields[] = {{"name", name}};
    add(session, Kind::team, fields);
    made.push_back(name);
  }
  if (made.empty()) return;
  session.notice("made the " + std::string(made.size() == 1 ? "team " : "teams ") + listed(made) +
                 ", which the workflow names");
}

// They get nothing before somebody says that they work here.
void add_missing_users(Session& session, const NamedPeople& named) {
  std::vector<std::string> made;
  for (const std::string& name : named.users) {
    if (find_user(session, name)) continue;
    const FieldText fields[] = {{"name", name}, {"active", "no"}};
    add(session, Kind::user, fields);
    made.push_back(name);
  }
  if (made.empty()) return;
  session.notice("the workflow names " + listed(made) + ": made, but not active; 'crm user edit " +
                 made.front() +
                 " --active yes' for whom there is, or put your own people into 'crm workflow show'");
}

// Returns what to tell the user.
std::vector<std::string> move_in(const InitOptions& options, const std::string& account,
                                 const Process* process) {
  SessionOptions session_options;
  session_options.path = options.path;
  session_options.mode = AccessMode::write;
  session_options.now = options.now;
  session_options.login = options.login;
  session_options.command = "crm init";
  Session session(session_options);
  Write write(session);
  if (!options.login.empty()) {
    const FieldText first[] = {{"name", options.login}, {"login", account}, {"role", "admin"}};
    add(session, Kind::user, first);
  }
  if (process != nullptr) {
    const NamedPeople named = named_people(*process);
    add_missing_teams(session, named);
    add_missing_users(session, named);
    apply_workflow(session, options.workflow, process->name);
  }
  write.commit();
  return session.take_notices();
}

// What making the file would find out.
void check_place(const std::string& path) {
  std::error_code ignored;
  const std::filesystem::file_status status = std::filesystem::symlink_status(path, ignored);
  const bool empty =
      std::filesystem::is_regular_file(status) && std::filesystem::file_size(path, ignored) == 0;
  if (std::filesystem::exists(status) && !empty)
    throw Error(ErrorCode::conflict, "'" + path + "' is already there", "name another file");
}

}  // namespace

std::vector<std::string> init_database(const InitOptions& options) {
  return init_database(options, options.login);
}

std::vector<std::string> init_database(const InitOptions& options, const std::string& account, bool dry_run) {
  if (!currency_exponent(options.currency)) {
    throw Error(ErrorCode::usage, "unknown currency " + crm::quoted(options.currency),
                "give an ISO 4217 code such as CNY or USD");
  }
  if (!is_country(options.country)) {
    throw Error(ErrorCode::usage, "unknown country " + crm::quoted(options.country),
                "give two capital letters, such as CN");
  }
  std::unique_ptr<Process> process;
  if (!options.workflow.empty()) {
    std::vector<Problem> problems;
    process = read_definition(options.workflow, "template", problems);
    if (process == nullptr) throw Error(ErrorCode::invalid, describe(problems.front(), false));
  }
  if (dry_run) {
    check_place(options.path);
    return {};
  }
  const std::unique_ptr<Process> built_in = default_process();
  create_database({options, built_in->name, default_workflow_text(), compile(*built_in)});
  if (options.login.empty() && process == nullptr) return {};
  try {
    return move_in(options, account, process.get());
  } catch (...) {
    std::error_code ignored;
    for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(options.path + suffix, ignored);
    throw;
  }
}

}  // namespace crm
