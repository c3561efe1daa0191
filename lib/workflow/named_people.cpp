#include "workflow/named_people.h"

#include <algorithm>
#include <vector>

#include "base/text.h"
#include "crm/error.h"
#include "crm/records.h"
#include "records/read_value.h"

namespace crm {
namespace {

constexpr std::string_view kTeam = "team/";

struct Mention {
  std::string by;  // "the rule 'first-call' names "
  std::string name;
  int line = 0;
  bool assigned = false;  // by a table
};

// Whether it names nobody by name.
bool is_word(const std::string& name) {
  constexpr std::string_view kRole = "role/";
  return name.empty() || name == "owner" || name == "manager" || name == "team-lead" ||
         name.starts_with(kRole);
}

bool names_person(const RuleAction& action) {
  return action.type == ActionType::notify || (action.type == ActionType::assign && action.target != "table");
}

std::vector<Mention> mentions(const Process& process) {
  std::vector<Mention> all;
  for (const Reminder& reminder : process.reminders) {
    for (const std::string& name : {reminder.to, reminder.escalate_to})
      all.push_back({"the reminder " + quoted(reminder.name) + " goes to ", name, reminder.line});
  }
  for (const auto& rows : process.assignments) {
    for (const AssignmentRow& row : rows) {
      for (const std::string& name : row.to)
        all.push_back({"the row in line " + std::to_string(row.line) + " assigns to ", name, row.line, true});
    }
  }
  for (const Rule& rule : process.rules) {
    for (const RuleAction& action : rule.actions) {
      if (names_person(action))
        all.push_back({"the rule " + quoted(rule.name) + " names ", action.target, action.line});
    }
  }
  for (const auto& rows : process.sla) {
    for (const SlaRow& row : rows) {
      for (const SlaStep& step : row.steps)
        all.push_back({"the clock in line " + std::to_string(row.line) + " names ", step.to, row.line});
    }
  }
  for (const ApprovalRule& approval : process.approvals) {
    const std::string by = "the approval " + quoted(approval.name) + " names ";
    for (const std::string& name : approval.by) all.push_back({by, name, approval.line});
    all.push_back({by, approval.deadline_to, approval.line});
  }
  all.erase(std::remove_if(all.begin(), all.end(), [](const Mention& one) { return is_word(one.name); }),
            all.end());
  std::stable_sort(all.begin(), all.end(),
                   [](const Mention& a, const Mention& b) { return a.line < b.line; });
  return all;
}

bool is_team(const Mention& mention) {
  return mention.assigned && std::string_view(mention.name).starts_with(kTeam);
}

std::string plain_name(const Mention& mention) {
  return is_team(mention) ? mention.name.substr(kTeam.size()) : mention.name;
}

bool is_there(Session& session, const Mention& mention) {
  const std::string name = plain_name(mention);
  return is_team(mention) ? find_team(session, name).has_value() : find_user(session, name).has_value();
}

std::string hint_for(Session& session, const Mention& mention) {
  if (!mention.assigned) return "write owner, manager, team-lead or the name of a user";
  constexpr std::size_t kMostNames = 1000;
  const std::string name = plain_name(mention);
  const auto known = complete_names(session, is_team(mention) ? Kind::team : Kind::user, "", kMostNames);
  if (const auto near = nearest(name, known))
    return "did you mean " + quoted((is_team(mention) ? std::string(kTeam) : std::string()) + *near) + "?";
  return "add it with 'crm " + std::string(is_team(mention) ? "team" : "user") + " add " + name + "'";
}

Problem problem_of(Session& session, const Mention& mention) {
  const std::string is_none = mention.assigned
                                  ? std::string(", which is no ") + (is_team(mention) ? "team" : "user")
                                  : std::string(", who is no user");
  return {{{}, mention.line, 0}, mention.by + quoted(mention.name) + is_none, hint_for(session, mention), {}};
}

}  // namespace

NamedPeople named_people(const Process& process) {
  NamedPeople named;
  for (const Mention& mention : mentions(process))
    (is_team(mention) ? named.teams : named.users).insert(plain_name(mention));
  return named;
}

void check_named_people(Session& session, const Process& process) {
  std::vector<Problem> missing;
  for (const Mention& mention : mentions(process)) {
    if (!is_there(session, mention)) missing.push_back(problem_of(session, mention));
  }
  if (missing.empty()) return;
  if (missing.size() == 1) throw Error(ErrorCode::invalid, missing.front().message, missing.front().hint);
  const std::string times = std::to_string(missing.size());
  throw Error(ErrorCode::invalid, "the workflow names " + times + " times somebody who is not there",
              "nothing was changed")
      .with_problems(std::move(missing));
}

}  // namespace crm
