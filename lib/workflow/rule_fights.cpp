#include "workflow/rule_fights.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "crm/error.h"
#include "filter/parse.h"
#include "workflow/implication.h"

namespace crm {
namespace {

// Of those that set one field: more are not held against each other.
constexpr std::size_t kMostSettings = 300;

struct FieldValue {
  std::string field;
  std::string value;
};

std::vector<FieldValue> set_by(const RuleAction& action) {
  std::vector<FieldValue> set;
  switch (action.type) {
    case ActionType::set:
      for (const ActionField& field : action.fields) set.push_back({field.name, field.text});
      break;
    case ActionType::tag:
    case ActionType::untag:
      set.push_back({"the tag " + action.target, action.type == ActionType::tag ? "given" : "taken"});
      break;
    case ActionType::stage:
      set.push_back({"stage", action.target});
      break;
    case ActionType::assign:
    case ActionType::release:
      set.push_back({"owner", action.target});
      break;
    default:
      break;
  }
  return set;
}

// What names those that a person or a channel gets one of for each change, whatever the actions of the rule:
// "owner" of notify, the channel of webhook. Empty for actions that send nothing.
std::string told_by(const RuleAction& action) {
  if (action.type == ActionType::notify) return action.target;
  return action.type == ActionType::webhook ? action.channel : std::string();
}

}  // namespace

std::shared_ptr<const Expr> RuleFights::condition_of(const Rule& rule) {
  if (rule.when == when_) return condition_;
  when_ = rule.when;
  condition_.reset();
  try {
    if (!when_.empty()) condition_ = std::make_shared<const Expr>(parse_expression(when_).root);
  } catch (const Error&) {
    // The checker says why.
  }
  return condition_;
}

void RuleFights::warn_of_one_message(const Rule& rule, std::size_t at, const Node& node, Reading& reading) {
  const RuleAction& action = rule.actions[at];
  const std::string told = told_by(action);
  if (told.empty()) return;
  const auto end = rule.actions.begin() + static_cast<std::ptrdiff_t>(at);
  const auto same = std::find_if(rule.actions.begin(), end, [&](const RuleAction& earlier) {
    return earlier.type == action.type && told_by(earlier) == told;
  });
  if (same == end) return;
  const std::string to = action.type == ActionType::notify ? "notifies " : "calls ";
  reading.faults.warn(node,
                      "the action in line " + std::to_string(same->line) + " " + to + quoted(told) +
                          " already, and a rule sends one message for a change: this one never goes out",
                      "say both in one message, or make a rule of its own for it");
}

void RuleFights::note(const Rule& rule, std::size_t first, const Node& at, Reading& reading) {
  const std::string event =
      std::string(entity(rule.kind).name) + '/' + (rule.on.empty() ? rule.every : rule.on) + '/';
  for (std::size_t i = first; i < rule.actions.size(); ++i) {
    warn_of_one_message(rule, i, at, reading);
    for (FieldValue& set : set_by(rule.actions[i])) {
      std::vector<Setting>& earlier = earlier_[event + set.field];
      Setting setting{rule.name, at.line, std::move(set.value), condition_of(rule)};
      const auto fights = std::find_if(earlier.begin(), earlier.end(), [&](const Setting& other) {
        if (other.value == setting.value) return false;
        const bool compared = other.rule != rule.name && other.condition && setting.condition;
        return !compared || (!excludes(*other.condition, *setting.condition, reading.comparing) &&
                             !reading.comparing.is_spent());
      });
      if (fights != earlier.end()) {
        const std::string other =
            fights->rule == rule.name ? "the action" : "the rule " + quoted(fights->rule);
        reading.faults.warn(at,
                            other + " in line " + std::to_string(fights->line) + " sets " +
                                quoted(set.field) + " too, to something else: the later one wins",
                            fights->rule == rule.name ? "leave one of them out"
                                                      : "give the rules conditions that exclude each other");
      }
      if (earlier.size() < kMostSettings) earlier.push_back(std::move(setting));
    }
  }
}

}  // namespace crm
