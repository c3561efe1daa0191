#include "crm/identity.h"

#include <utility>

#include "base/text.h"
#include "crm/error.h"
#include "records/read_value.h"
#include "records/rights.h"
#include "records/session_state.h"

namespace crm {
namespace {

const char* scope_name(Scope scope) {
  switch (scope) {
    case Scope::none:
      return "none";
    case Scope::own:
      return "own";
    case Scope::team:
      return "team";
    case Scope::all:
      break;
  }
  return "all";
}

struct Account {
  std::string role;
  std::optional<std::int64_t> team;
};

Account account_of(Session& session, std::int64_t user) {
  Account account;
  const Param params[] = {user};
  session.state().connection->each("SELECT role, team FROM user WHERE id = $1", params, [&](const Row& row) {
    account = {std::string(row.text(0)), row.optional_integer(1)};
  });
  return account;
}

// Whether the one is in the other's team, or below in the line of managers.
bool is_in_team_of(Session& session, std::int64_t one, std::int64_t other) {
  const Param params[] = {one, other};
  return session.state().connection->exists(
      "WITH RECURSIVE above(id) AS (SELECT CAST($1 AS INTEGER) UNION SELECT u.manager FROM user u JOIN above "
      "a ON u.id = a.id WHERE u.manager IS NOT NULL) "
      "SELECT 1 FROM above WHERE id = $2 UNION ALL SELECT 1 FROM user a JOIN user b ON a.team = b.team WHERE "
      "a.id = $1 AND b.id = $2",
      params);
}

bool may_act_as(Session& session, std::int64_t account, std::int64_t user) {
  const Role* role = session.state().process().find_role(account_of(session, account).role);
  if (role == nullptr || role->act_as == Scope::none || role->act_as == Scope::own) return false;
  return role->act_as == Scope::all || is_in_team_of(session, user, account);
}

}  // namespace

void check_identity(Session& session, const std::function<std::string()>& account) {
  if (!has_roles(session)) return;
  const std::string& acting = session.login();
  const std::string present = session.state().options.account = account();
  rights(session);
  if (present.empty()) return;
  const auto who = find_account(session, present);
  if (who == rights(session).user) return;
  if (present == acting) {
    const std::string user = session.state().name_of(Kind::user, *rights(session).user);
    throw Error(ErrorCode::not_permitted,
                "the user " + quoted(user) + " has another login than " + quoted(present),
                "an admin sets it: crm user edit " + user + " --login " + present);
  }
  if (who && may_act_as(session, *who, *rights(session).user)) return;
  throw Error(ErrorCode::not_permitted, quoted(present) + " may not act as " + quoted(acting),
              "leave out --as, CRM_USER and LOGNAME");
}

void set_account(Session& session, std::string account) {
  session.state().options.account = std::move(account);
}

Identity whoami(Session& session) {
  Identity identity;
  Session::State& state = session.state();
  identity.account = state.options.account.empty() ? session.login() : state.options.account;
  identity.roles = has_roles(session);
  const auto user = find_own_user(session);
  if (user) {
    const Account account = account_of(session, *user);
    identity.user = state.name_of(Kind::user, *user);
    identity.role = account.role;
    if (account.team) identity.team = state.name_of(Kind::team, *account.team);
  }
  try {
    check_identity(session, [&] { return state.options.account; });
  } catch (const Error& error) {
    if (error.code() != ErrorCode::not_permitted) throw;
    identity.refused = error.message();
  }
  if (!identity.roles) {
    identity.see = identity.edit = "all";
  } else if (identity.refused.empty()) {
    const Rights& mine = rights(session);
    identity.see = scope_name(mine.see);
    identity.edit = scope_name(mine.edit);
    identity.concealed.assign(mine.concealed.begin(), mine.concealed.end());
  } else {
    identity.see = identity.edit = "none";
  }
  return identity;
}

}  // namespace crm
