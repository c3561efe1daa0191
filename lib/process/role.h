// What a role may see and do (`roles`).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace crm {

// Whose records.
enum class Scope : std::uint8_t { none, own, team, all };

struct Role {
  std::string name;
  Scope see = Scope::own;
  Scope edit = Scope::own;
  Scope act_as = Scope::none;  // for whom it may act with --as, beside itself
  bool reveal_all = false;
  std::vector<std::string> reveal;  // sensitive fields that it sees unmasked
};

// The role whose members may do everything: apply workflows, write users and teams, act as anybody.
inline constexpr const char* kAdminRole = "admin";

}  // namespace crm
