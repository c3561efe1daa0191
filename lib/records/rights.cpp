#include "records/rights.h"

#include <algorithm>

#include "base/mask.h"
#include "base/text.h"
#include "crm/error.h"
#include "crm/identity.h"
#include "entity/descriptors.h"
#include "process/compiled_member.h"
#include "records/concealment.h"
#include "records/read_value.h"
#include "records/session_state.h"

namespace crm {
namespace {

struct UserRow {
  std::string name, role;
  std::optional<std::int64_t> team;
  bool active = false;
};

std::optional<UserRow> user_row(Session& session, std::int64_t user) {
  std::optional<UserRow> found;
  const Param params[] = {user};
  session.state().connection->each(
      "SELECT name, role, team, active FROM user WHERE id = $1 AND deleted_at IS NULL", params,
      [&](const Row& row) {
        found = UserRow{std::string(row.text(0)), std::string(row.text(1)), row.optional_integer(2),
                        row.integer(3) != 0};
      });
  return found;
}

// The user, everybody in the team, and everybody below in the line of managers.
std::vector<std::int64_t> people_of(Session& session, std::int64_t user, std::optional<std::int64_t> team) {
  std::vector<std::int64_t> people;
  const Param params[] = {user, team};
  session.state().connection->each(
      "WITH RECURSIVE below(id) AS (SELECT CAST($1 AS INTEGER) UNION SELECT u.id FROM user u JOIN below b ON "
      "u.manager = b.id) "
      "SELECT id FROM below UNION SELECT id FROM user WHERE team = $2 ORDER BY 1",
      params, [&](const Row& row) { people.push_back(row.integer(0)); });
  return people;
}

// What is sensitive, or named by any role, and not revealed to this one.
Concealed concealed_from(const Process& process, const Role& role) {
  Concealed fields;
  if (role.reveal_all) return fields;
  for (const Role& other : process.roles) fields.insert(other.reveal.begin(), other.reveal.end());
  for (const Entity& kind : entities()) {
    for (const Field& field : kind.fields) {
      if (field.sensitive) fields.emplace(field.name);
    }
    for (const CustomField& custom : process.custom_fields[slot(kind.kind)]) {
      if (custom.field.sensitive) fields.insert(custom.name);
    }
  }
  for (const std::string& name : role.reveal) fields.erase(name);
  return fields;
}

bool conceals(const Concealed& concealed, const Field& field) {
  return concealed.find(field.name_of.empty() ? field.name : "name") != concealed.end();
}

const Role& role_of(const Process& process, const UserRow& user) {
  if (!user.active)
    throw Error(ErrorCode::not_permitted, quoted(user.name) + " is no longer active", "ask an admin");
  if (user.role.empty()) {
    throw Error(ErrorCode::not_permitted, quoted(user.name) + " has no role",
                "an admin gives one: crm user edit " + user.name + " --role ROLE");
  }
  if (const Role* role = process.find_role(user.role)) return *role;
  std::vector<std::string> known;
  for (const Role& role : process.roles) known.push_back(role.name);
  throw Error(ErrorCode::not_permitted,
              quoted(user.name) + " has the role " + quoted(user.role) + ", which the workflow does not know",
              "an admin gives another: " + listed(known));
}

Rights rights_of(Session& session, std::string_view login) {
  const Process& process = session.state().process();
  const auto user = find_identity(session, login);
  const auto row = user ? user_row(session, *user) : std::nullopt;
  if (!row)
    throw Error(ErrorCode::not_permitted, quoted(login) + " is no user of this database",
                "an admin adds one: crm user add NAME --login " + std::string(login) + " --role ROLE");
  const Role& role = role_of(process, *row);
  Rights rights;
  rights.admin = role.name == kAdminRole;
  rights.everything = rights.admin;
  rights.see = role.see;
  rights.edit = role.edit;
  rights.user = user;
  rights.team = row->team;
  rights.role = role.name;
  if (role.see == Scope::team || role.edit == Scope::team || role.act_as == Scope::team)
    rights.people = people_of(session, *user, row->team);
  rights.concealed = concealed_from(process, role);
  return rights;
}

bool contains(const std::vector<std::int64_t>& people, std::int64_t user) {
  return std::find(people.begin(), people.end(), user) != people.end();
}

// Whether something that belongs to the owner is in the scope.
bool in_scope(const Rights& rights, Scope scope, std::optional<std::int64_t> owner) {
  switch (scope) {
    case Scope::all:
      return true;
    case Scope::team:
      return owner && contains(rights.people, *owner);
    case Scope::own:
      return owner && owner == rights.user;
    case Scope::none:
      break;
  }
  return false;
}

std::string list_of(const Rights& rights, Scope scope) {
  std::string ids;
  if (scope == Scope::own) return std::to_string(*rights.user);
  for (const std::int64_t id : rights.people) ids += (ids.empty() ? "" : ", ") + std::to_string(id);
  return ids;
}

// The pool is everybody's who sees anything at all: one must see what one may claim.
std::string owned_sql(const Rights& rights, const std::string& alias) {
  return "(" + alias + ".owner IS NULL OR " + alias + ".owner IN (" + list_of(rights, rights.see) + "))";
}

std::string among_sql(const Rights& rights, Kind kind, const std::string& id) {
  return id + " IN (SELECT o.id FROM \"" + std::string(entity(kind).table) + "\" o WHERE " +
         owned_sql(rights, "o") + ")";
}

std::string about_sql(const Rights& rights, const std::string& kind, const std::string& id) {
  const std::string contacts = id + " IN (SELECT p.id FROM contact p WHERE p.customer IS NULL OR " +
                               among_sql(rights, Kind::customer, "p.customer") + ")";
  return "(" + kind + " = 3 AND " + among_sql(rights, Kind::customer, id) + ") OR (" + kind + " = 4 AND " +
         contacts + ") OR (" + kind + " = 5 AND " + among_sql(rights, Kind::lead, id) + ")";
}

std::string scope_sql(const Rights& rights, Kind kind, const std::string& alias) {
  switch (kind) {
    case Kind::customer:
      return owned_sql(rights, alias);
    case Kind::lead:
      if (rights.see == Scope::team && rights.team)
        return "(" + owned_sql(rights, alias) + " OR " + alias + ".team = " + std::to_string(*rights.team) +
               ")";
      return owned_sql(rights, alias);
    case Kind::contact:
      return "(" + alias + ".customer IS NULL OR " + among_sql(rights, Kind::customer, alias + ".customer") +
             ")";
    case Kind::followup:
      return "(" + alias + ".owner IN (" + list_of(rights, rights.see) + ") OR " +
             about_sql(rights, alias + ".about_kind", alias + ".about_id") + ")";
    case Kind::stage_change:
      return "(" + about_sql(rights, alias + ".record_kind", alias + ".record_id") + ")";
    case Kind::consent:
      return "(" + alias + ".about_id IS NULL OR " +
             about_sql(rights, alias + ".about_kind", alias + ".about_id") + ")";
    default:
      return "1";
  }
}

bool is_unrestricted(Session& session) {
  return session.state().workflow_acts > 0 || rights(session).everything;
}

std::optional<std::int64_t> owner_of(Session& session, RecordId id) {
  const KindView& view = session.view(id.kind);
  if (view.find("owner") == nullptr) return std::nullopt;
  const Param params[] = {id.id};
  return session.state().connection->query_integer(
      "SELECT owner FROM \"" + std::string(entity(id.kind).table) + "\" WHERE id = $1", params);
}

// What to do where a record may not be written.
std::string way_out(Session& session, const StoredRecord* before, const StoredRecord& after) {
  const Kind kind = after.id.kind;
  if (kind == Kind::user || kind == Kind::team) return "only an admin writes users and teams";
  const std::size_t owner = session.view(kind).position("owner");
  const bool pooled = before != nullptr && owner != KindView::npos && is_null(before->values[owner]);
  if (pooled && kind != Kind::followup && rights(session).edit != Scope::none)
    return "claim it first: crm " + std::string(entity(kind).name) + " claim " + std::to_string(after.id.id);
  return "the role " + quoted(rights(session).role) + " does not allow it: ask a manager or an admin";
}

// One's own data that concern nobody else.
bool changes_own_settings_only(Session& session, const StoredRecord* before, const StoredRecord& after) {
  if (before == nullptr || after.id.kind != Kind::user || after.id.id != rights(session).user) return false;
  const auto& fields = session.view(Kind::user).fields();
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (before->values[i] == after.values[i]) continue;
    const std::string_view name = fields[i]->name;
    if (name != "email" && name != "language" && name != "timezone" && name != "absent_until") return false;
  }
  return before->deleted_at == after.deleted_at;
}

bool may_write_owned(const Rights& rights, std::optional<std::int64_t> before,
                     std::optional<std::int64_t> after, bool is_new) {
  if (is_new) return !after || in_scope(rights, rights.edit, after);
  if (in_scope(rights, rights.edit, before)) return true;
  return !before && after && after == rights.user;  // a claim
}

bool may_write(Session& session, const StoredRecord* before, const StoredRecord& after) {
  const Rights& mine = rights(session);
  if (mine.edit == Scope::none) return changes_own_settings_only(session, before, after);
  const KindView& view = session.view(after.id.kind);
  const auto owner = [&](const StoredRecord* record) {
    return record == nullptr ? std::nullopt : record->integer(view.position("owner"));
  };
  switch (after.id.kind) {
    case Kind::user:
    case Kind::team:
      return changes_own_settings_only(session, before, after);
    case Kind::customer:
    case Kind::lead:
      return may_write_owned(mine, owner(before), owner(&after), before == nullptr);
    case Kind::contact: {
      const auto customer = after.integer(field<Kind::contact>("customer"));
      if (!customer) return true;
      const auto its_owner = owner_of(session, {Kind::customer, *customer});
      return !its_owner || in_scope(mine, mine.edit, its_owner);
    }
    case Kind::followup: {
      const auto about = parse_record_id(after.text(field<Kind::followup>("about")));
      if (about && !may_see(session, *about)) return false;
      return (before == nullptr && !owner(&after)) ||
             in_scope(mine, mine.edit, owner(before == nullptr ? &after : before));
    }
    default:
      return true;
  }
}

}  // namespace

bool has_roles(Session& session) {
  Session::State& state = session.state();
  if (!state.process_data) return !compiled_member(state.compiled_process, "roles").empty();
  return !state.process_data->roles.empty();
}

const Rights& rights(Session& session) {
  Session::State& state = session.state();
  if (!state.rights) state.rights = has_roles(session) ? rights_of(session, session.login()) : Rights();
  return *state.rights;
}

std::string visible_sql(Session& session, Kind kind, const std::string& alias) {
  if (is_unrestricted(session)) return {};
  const Rights& mine = rights(session);
  if (mine.see == Scope::all || kind == Kind::user || kind == Kind::team) return {};
  if (mine.see == Scope::none) return " AND 0";
  return " AND " + scope_sql(mine, kind, alias);
}

bool may_see(Session& session, RecordId id) {
  const std::string visible = visible_sql(session, id.kind);
  if (visible.empty()) return true;
  const Param params[] = {id.id};
  return session.state().connection->exists(
      "SELECT 1 FROM \"" + std::string(entity(id.kind).table) + "\" r WHERE r.id = $1" + visible, params);
}

bool reveals(Session& session, const Field& field) {
  return is_unrestricted(session) || !conceals(rights(session).concealed, field);
}

bool is_open_to_all(Session& session, const Field& field) {
  if (field.sensitive) return false;
  if (!has_roles(session)) return true;
  const auto& roles = session.state().process().roles;
  return std::none_of(roles.begin(), roles.end(), [&](const Role& role) {
    return std::find(role.reveal.begin(), role.reveal.end(), field.name) != role.reveal.end();
  });
}

bool may_ask(Session& session, const Field& field) {
  return reveals(session, field) && (field.name_of.empty() || is_unrestricted(session) || sees_all(session));
}

std::string shown_text(Session& session, const Field& field, std::string text) {
  return reveals(session, field) ? text : text_without(rights(session).concealed, field, std::move(text));
}

std::string text_without(const Concealed& concealed, const Field& field, std::string text) {
  if (text.empty() || !conceals(concealed, field)) return text;
  std::string_view mask = field.mask;
  if (mask.empty() && field.type == FieldType::phone) mask = "phone";
  if (mask.empty() && field.type == FieldType::email) mask = "email";
  return masked(text, mask);
}

Concealed concealed_from_user(Session& session, std::int64_t user) {
  if (!has_roles(session)) return {};
  const Process& process = session.state().process();
  const auto row = user_row(session, user);
  const Role* role = row ? process.find_role(row->role) : nullptr;
  if (role != nullptr && role->name == kAdminRole) return {};
  return concealed_from(process, role == nullptr ? Role() : *role);
}

namespace {

bool is_admin(const StoredRecord& user) {
  return user.text(field<Kind::user>("role")) == kAdminRole &&
         user.integer(field<Kind::user>("active")).value_or(1) != 0 && !user.deleted_at;
}

// Where the last admin went, nobody could make another.
void check_admin_stays(Session& session, const StoredRecord* before, const StoredRecord& after) {
  if (after.id.kind != Kind::user || before == nullptr || !is_admin(*before) || is_admin(after)) return;
  const Param params[] = {kAdminRole, after.id.id};
  if (!has_roles(session) ||
      session.state().connection->exists(
          "SELECT 1 FROM user WHERE role = $1 AND id <> $2 AND active = 1 AND deleted_at IS NULL", params))
    return;
  throw Error(ErrorCode::invalid, to_string(after.id) + " is the last admin: nobody could make another",
              "give the role to somebody else first: crm user edit NAME --role admin")
      .about_record(to_string(after.id));
}

}  // namespace

void check_may_write(Session& session, const StoredRecord* before, const StoredRecord& after) {
  check_admin_stays(session, before, after);
  if (is_unrestricted(session)) return;
  const Kind kind = after.id.kind;
  if (may_write(session, before, after)) return;
  const std::string what = before == nullptr            ? "add such a " + std::string(entity(kind).label.en)
                           : may_see(session, after.id) ? "change " + to_string(after.id)
                                                        : "change records of others";
  throw Error(ErrorCode::not_permitted, quoted(session.login()) + " may not " + what,
              way_out(session, before, after))
      .about_record(before == nullptr || !may_see(session, after.id) ? "" : to_string(after.id));
}

void check_may_state(Session& session, const StoredRecord& statement) {
  if (is_unrestricted(session)) return;
  const bool change = statement.id.kind == Kind::stage_change;
  if (!change && statement.id.kind != Kind::consent) return;
  const auto about = parse_record_id(
      statement.text(change ? field<Kind::stage_change>("record") : field<Kind::consent>("about")));
  if (!about) return;
  bool may = may_see(session, *about);
  if (may && change) {
    const Rights& mine = rights(session);
    const auto owner = owner_of(session, *about);
    may = may_write_owned(mine, owner, owner, false);
  }
  if (may) return;
  throw Error(ErrorCode::not_permitted,
              quoted(session.login()) + " may not add such a " +
                  std::string(entity(statement.id.kind).label.en) + " to " + to_string(*about),
              way_out(session, nullptr, statement));
}

void require_admin(Session& session, std::string_view what) {
  if (rights(session).admin) return;
  throw Error(ErrorCode::not_permitted, quoted(session.login()) + " " + std::string(what),
              "an admin may; 'crm whoami' says what your role is");
}

bool sees_all(Session& session) {
  const Rights& mine = rights(session);
  return mine.everything || mine.see == Scope::all;
}

void require_see_all(Session& session, std::string_view what) {
  if (sees_all(session)) return;
  throw Error(ErrorCode::not_permitted, quoted(session.login()) + " " + std::string(what),
              "it takes a role that sees all; 'crm whoami' says what yours is");
}

WorkflowRights::WorkflowRights(Session& session) : session_(session) {
  ++session_.state().workflow_acts;
}
WorkflowRights::~WorkflowRights() {
  --session_.state().workflow_acts;
}

}  // namespace crm
