// Who acts, and what the workflow's roles let them see and do.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "crm/export.h"
#include "crm/session.h"
#include "crm/table.h"

namespace crm {

struct Identity {
  std::string account;  // of the operating system
  std::string user;     // empty: no user of this database
  std::string team;
  std::string role;
  bool roles = false;  // the workflow has roles
  std::string see;     // none, own, team, all
  std::string edit;
  std::vector<std::string> concealed;  // fields that are shown masked
  std::string refused;                 // why every other command is refused; empty: it is not
};

// Who the session acts as. Works for everybody, strangers too.
CRM_API Identity whoami(Session& session);

// Error{not_permitted} where the workflow has roles and whoever acts is no user with one of them, or the
// operating system's account may not act as that user. Every command but `whoami` begins with it. `account`
// is asked only then.
CRM_API void check_identity(Session& session, const std::function<std::string()>& account);

// init_database() for a user whose login is that account, whatever the user is called: roles go by accounts.
// A dry run only throws what of its errors is known without making anything.
CRM_API std::vector<std::string> init_database(const InitOptions& options, const std::string& account,
                                               bool dry_run = false);

// Says under which account the session runs, where check_identity() has not asked: a workflow that would lock
// that account out is then refused.
CRM_API void set_account(Session& session, std::string account);

}  // namespace crm
