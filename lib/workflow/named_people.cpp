#include "workflow/named_people.h"

#include <algorithm>

#include "base/text.h"
#include "crm/error.h"
#include "records/read_value.h"

namespace crm {
namespace {

// Whether it names nobody by name.
bool is_word(const std::string& name) {
  constexpr std::string_view kRole = "role/";
  return name.empty() || name == "owner" || name == "manager" || name == "team-lead" ||
         name.starts_with(kRole);
}

bool names_person(const RuleAction& action) {
  return action.type == ActionType::notify || (action.type == ActionType::assign && action.target != "table");
}

void check(Session& session, const std::string& what, const std::string& name) {
  if (is_word(name) || find_user(session, name)) return;
  throw Error(ErrorCode::invalid, what + " names " + quoted(name) + ", who is no user",
              "write owner, manager, team-lead or the name of a user");
}

}  // namespace

NamedPeople named_people(const Process& process) {
  constexpr std::string_view kTeam = "team/";
  NamedPeople named;
  const auto add = [&](const std::string& name) {
    if (std::string_view(name).starts_with(kTeam)) {
      named.teams.insert(name.substr(kTeam.size()));
    } else if (!is_word(name)) {
      named.users.insert(name);
    }
  };
  for (const Reminder& reminder : process.reminders) {
    for (const std::string& name : {reminder.to, reminder.escalate_to}) add(name);
  }
  for (const auto& rows : process.assignments) {
    for (const AssignmentRow& row : rows) std::for_each(row.to.begin(), row.to.end(), add);
  }
  for (const Rule& rule : process.rules) {
    for (const RuleAction& action : rule.actions) {
      if (names_person(action)) add(action.target);
    }
  }
  for (const auto& rows : process.sla) {
    for (const SlaRow& row : rows) {
      for (const SlaStep& step : row.steps) add(step.to);
    }
  }
  for (const ApprovalRule& approval : process.approvals) {
    std::for_each(approval.by.begin(), approval.by.end(), add);
    add(approval.deadline_to);
  }
  return named;
}

void check_named_people(Session& session, const Process& process) {
  for (const Rule& rule : process.rules) {
    for (const RuleAction& action : rule.actions) {
      if (names_person(action)) check(session, "the rule " + quoted(rule.name), action.target);
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
