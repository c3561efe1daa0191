#include "workflow/named_people.h"

#include "base/text.h"
#include "crm/error.h"
#include "records/read_value.h"

namespace crm {
namespace {

bool is_somebody(Session& session, const std::string& name) {
  constexpr std::string_view kRole = "role/";
  return name.empty() || name == "owner" || name == "manager" || name == "team-lead" ||
         name.starts_with(kRole) || find_user(session, name).has_value();
}

void check(Session& session, const std::string& what, const std::string& name) {
  if (is_somebody(session, name)) return;
  throw Error(ErrorCode::invalid, what + " names " + quoted(name) + ", who is no user",
              "write owner, manager, team-lead or the name of a user");
}

}  // namespace

void check_named_people(Session& session, const Process& process) {
  for (const Rule& rule : process.rules) {
    for (const RuleAction& action : rule.actions) {
      const bool names_person = action.type == ActionType::notify ||
                                (action.type == ActionType::assign && action.target != "table");
      if (names_person) check(session, "the rule " + quoted(rule.name), action.target);
    }
  }
  for (const auto& rows : process.sla) {
    for (const SlaRow& row : rows) {
      for (const SlaStep& step : row.steps)
        check(session, "the clock in line " + std::to_string(row.line), step.to);
    }
  }
  for (const ApprovalRule& approval : process.approvals) {
    for (const std::string& name : approval.by) check(session, "the approval " + quoted(approval.name), name);
    check(session, "the approval " + quoted(approval.name), approval.deadline_to);
  }
}

}  // namespace crm
