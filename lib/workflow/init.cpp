// A new database: the built-in process, and the acting user as the first one.
#include "crm/error.h"
#include "crm/identity.h"
#include "crm/records.h"
#include "records/session_state.h"
#include "workflow/definition.h"

namespace crm {

void init_database(const InitOptions& options) {
  init_database(options, options.login);
}

void init_database(const InitOptions& options, const std::string& account) {
  const std::unique_ptr<Process> process = default_process();
  create_database({options, process->name, default_workflow_text(), compile(*process)});
  if (options.login.empty()) return;
  SessionOptions session_options;
  session_options.path = options.path;
  session_options.mode = AccessMode::write;
  session_options.now = options.now;
  session_options.login = options.login;
  session_options.command = "crm init";
  Session session(session_options);
  const FieldText first[] = {{"name", options.login}, {"login", account}, {"role", "admin"}};
  add(session, Kind::user, first);
}

}  // namespace crm
