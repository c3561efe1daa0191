// What the acting user may see and do, by the workflow's roles. Every read and every write of records goes
// through these.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "crm/session.h"
#include "process/role.h"
#include "records/stored_record.h"

namespace crm {

// The acting user's rights, worked out once for a session.
struct Rights {
  bool everything = true;  // the workflow has no roles, or the user is an admin
  bool admin = true;
  Scope see = Scope::all;
  Scope edit = Scope::all;
  std::optional<std::int64_t> user;
  std::optional<std::int64_t> team;
  std::string role;
  std::vector<std::int64_t>
      people;  // whose records are the team's: the user, the team's members, everybody managed
  std::set<std::string, std::less<>> concealed;  // fields that are shown masked
};

// Whether the workflow in force has roles; told without reading the whole of it.
bool has_roles(Session& session);

// Error{not_permitted} for a login that is no user, or whose role the workflow does not know, where it has
// roles.
const Rights& rights(Session& session);

// The condition that the acting user may see the row `alias` of the kind's table, to be joined by AND: " AND
// (…)", or empty where everything may be seen. It holds numbers only.
std::string visible_sql(Session& session, Kind kind, const std::string& alias = "r");
bool may_see(Session& session, RecordId record);

// Whether the field's values are shown as they are.
bool reveals(Session& session, const Field& field);
// Whether the field may stand in a condition or an order: its values are shown, and none is of a record that
// is not.
bool may_ask(Session& session, const Field& field);
// Whether every role of the workflow sees the field's values as they are: these may stand in a note.
bool is_open_to_all(Session& session, const Field& field);
// The text as the acting user may see it.
std::string shown_text(Session& session, const Field& field, std::string text);

// Error{not_permitted} where the acting user may not make that change. `before` is null for a new record.
void check_may_write(Session& session, const StoredRecord* before, const StoredRecord& after);
// The same of what a row of a file says of another record, a stage change or a consent: a command writes
// these only with what it does to that record.
void check_may_state(Session& session, const StoredRecord& statement);
// Error{not_permitted} for anybody but an admin; `what` as in "may not apply a workflow".
void require_admin(Session& session, std::string_view what);
// Error{not_permitted} for whoever does not see all records.
void require_see_all(Session& session, std::string_view what);
bool sees_all(Session& session);

// While it lives the workflow acts, not the user: its rules may write what the user may not.
class WorkflowRights {
 public:
  explicit WorkflowRights(Session& session);
  ~WorkflowRights();
  WorkflowRights(const WorkflowRights&) = delete;
  WorkflowRights& operator=(const WorkflowRights&) = delete;

 private:
  Session& session_;
};

}  // namespace crm
