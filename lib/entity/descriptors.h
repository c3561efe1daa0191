// The descriptor tables of all kinds.
#pragma once

#include "entity/kinds/consent.h"
#include "entity/kinds/contact.h"
#include "entity/kinds/customer.h"
#include "entity/kinds/followup.h"
#include "entity/kinds/lead.h"
#include "entity/kinds/stage_change.h"
#include "entity/kinds/team.h"
#include "entity/kinds/user.h"

namespace crm::descriptors {

inline constexpr Entity kEntities[] = {
    {Kind::user, "user", "user", "", {"user", "用户"}, {"users", "用户"}, kUserFields},
    {Kind::team, "team", "team", "", {"team", "团队"}, {"teams", "团队"}, kTeamFields},
    {Kind::customer,
     "customer",
     "customer",
     "account",
     {"customer", "客户"},
     {"customers", "客户"},
     kCustomerFields},
    {Kind::contact, "contact", "contact", "", {"contact", "联系人"}, {"contacts", "联系人"}, kContactFields},
    {Kind::lead, "lead", "lead", "", {"lead", "线索"}, {"leads", "线索"}, kLeadFields, true},
    {Kind::followup,
     "followup",
     "followup",
     "fu",
     {"follow-up", "跟进"},
     {"follow-ups", "跟进"},
     kFollowupFields},
    {Kind::stage_change,
     "stage-change",
     "stage_change",
     "",
     {"stage change", "阶段变更"},
     {"stage changes", "阶段变更"},
     kStageChangeFields,
     false,
     false},
    {Kind::consent,
     "consent",
     "consent",
     "",
     {"consent", "同意记录"},
     {"consents", "同意记录"},
     kConsentFields,
     false,
     false},
};

consteval bool numbered_in_order() {
  for (std::size_t i = 0; i < std::size(kEntities); ++i) {
    if (static_cast<std::size_t>(kEntities[i].kind) != i + 1) return false;
  }
  return true;
}
static_assert(numbered_in_order(), "entity(Kind) indexes the table by the kind's number");

}  // namespace crm::descriptors

namespace crm {

// The place of a built-in field in its kind's fields. A name that the kind does not have fails the build.
template <Kind kind>
consteval std::size_t field(std::string_view name) {
  const auto fields = descriptors::kEntities[static_cast<std::size_t>(kind) - 1].fields;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].name == name) return i;
  }
  throw "no such field";
}

}  // namespace crm
