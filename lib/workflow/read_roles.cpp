#include <algorithm>
#include <string>

#include "base/text.h"
#include "workflow/map_reader.h"
#include "workflow/sections.h"

namespace crm {
namespace {

constexpr std::size_t kMaxRoles = 100;

Scope scope_of(std::string_view word) {
  if (word == "all") return Scope::all;
  if (word == "team") return Scope::team;
  if (word == "own") return Scope::own;
  return Scope::none;
}

bool is_field_of_any(std::string_view name, const Reading& reading) {
  return std::any_of(entities().begin(), entities().end(), [&](const Entity& kind) {
    return reading.is_in_doubt(kind.kind, name) || reading.process.view(kind.kind).find(name) != nullptr;
  });
}

std::vector<std::string> all_fields(const Reading& reading) {
  std::vector<std::string> names;
  for (const Entity& kind : entities()) {
    for (std::string& name : reading.process.view(kind.kind).names()) names.push_back(std::move(name));
  }
  return names;
}

void read_reveal(const Node& node, Role& role, Reading& reading) {
  if (node.kind == Node::Kind::list && node.items.empty()) return;  // it reveals nothing
  if (node.kind == Node::Kind::scalar && node.text == "all") {
    role.reveal_all = true;
    return;
  }
  for (const Node* item : scalar_list(node, "'reveal'", reading.faults)) {
    if (is_field_of_any(item->text, reading)) {
      role.reveal.push_back(item->text);
    } else {
      reading.faults.add(*item, "no kind has a field " + quoted(item->text),
                         nearest_hint(item->text, all_fields(reading)));
    }
  }
}

Role read_role(const Node& name, const Node& value, Reading& reading) {
  Faults& faults = reading.faults;
  check_name(name, '-', faults);
  Role role;
  role.name = name.text;
  const MapReader map(value, workflow_keys::kRole, "a role", faults);
  const auto see = map.word("see", workflow_keys::kScopes);
  const auto edit = map.word("edit", workflow_keys::kScopes);
  const auto act_as = map.word("as", workflow_keys::kScopes);
  if (see) role.see = scope_of(*see);
  role.edit = edit ? scope_of(*edit) : role.see;
  if (act_as) role.act_as = scope_of(*act_as);
  if (role.edit > role.see)
    faults.add(*map.find(edit ? "edit" : "see"), "the role " + quoted(role.name) + " edits more than it sees",
               "widen 'see', or narrow 'edit'");
  if (const Node* reveal = map.find("reveal")) read_reveal(*reveal, role, reading);
  return role;
}

// Whoever locks everybody out of the workflow cannot let them in again.
void check_admin(const Node& roles, const std::vector<Role>& all, Faults& faults) {
  constexpr const char* kAdmin = "write admin: {see: all, edit: all, reveal: all}";
  const auto admin =
      std::find_if(all.begin(), all.end(), [](const Role& role) { return role.name == kAdminRole; });
  if (admin == all.end()) {
    faults.add(roles, "'roles' has no role 'admin': nobody could change the workflow any more", kAdmin);
  } else if (admin->see != Scope::all || admin->edit != Scope::all) {
    faults.add(*roles.find(kAdminRole), "the role 'admin' must see and edit all", kAdmin);
  }
}

}  // namespace

void read_roles(const Node& node, Reading& reading) {
  std::vector<Role>& roles = reading.process.roles;
  const std::size_t faults_before = reading.faults.count();
  for (const auto& [name, value] : entries_of(node, "'roles'", reading.faults)) {
    if (roles.size() == kMaxRoles) {
      reading.faults.add(name, "more than " + std::to_string(kMaxRoles) + " roles");
      break;
    }
    roles.push_back(read_role(name, value, reading));
    if (roles.back().name == kAdminRole) {
      roles.back().act_as = Scope::all;
      roles.back().reveal_all = true;
    }
  }
  if (reading.faults.count() == faults_before) check_admin(node, roles, reading.faults);
}

}  // namespace crm
