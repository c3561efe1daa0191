#include "workflow/difference_rules.h"

#include <algorithm>

#include "base/text.h"
#include "workflow/difference_words.h"

namespace crm {
namespace {

void note(std::string& text, std::string_view name, const std::string& before, const std::string& after) {
  if (before == after) return;
  text +=
      (text.empty() ? "" : ", ") + std::string(name) + " is now " + shown(after) + ", was " + shown(before);
}

void note_other(std::string& text, std::string_view what, bool same) {
  if (!same) text += (text.empty() ? "" : ", ") + std::string(what);
}

// Where an action stands in the file does not matter.
bool same_actions(const std::vector<RuleAction>& a, const std::vector<RuleAction>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](RuleAction one, const RuleAction& other) {
    one.line = other.line;
    return one == other;
  });
}

std::string what_differs(const Rule& a, const Rule& b) {
  std::string text;
  note(text, "'on'", a.on, b.on);
  note(text, "'every'", a.every, b.every);
  note(text, "'for'", std::string(entity(a.kind).name), std::string(entity(b.kind).name));
  note(text, "'when'", a.when, b.when);
  note(text, "'again'", a.again, b.again);
  note(text, "'backlog'", a.backlog ? "act" : "skip", b.backlog ? "act" : "skip");
  note_other(text, "what it does is another", same_actions(a.actions, b.actions));
  return text;
}

std::string what_differs(const ApprovalRule& a, const ApprovalRule& b) {
  std::string text;
  note(text, "'on'", a.on, b.on);
  note(text, "'when'", a.when, b.when);
  note_other(text, "who agrees is another", a.by == b.by && a.order == b.order && a.own == b.own);
  note(text, "the deadline", a.deadline_after, b.deadline_after);
  note(text, "who decides after the deadline", a.deadline_to, b.deadline_to);
  note(text, "the role of the fast track", a.fast_track_role, b.fast_track_role);
  return text;
}

std::string said_of(const std::string& what, const std::string& name, const std::string& said) {
  return what + ' ' + quoted(name) + said;
}

template <typename Items>
void compare(const Items& before, const Items& after, const std::string& what,
             std::vector<std::string>& lines) {
  const auto find = [](const Items& items, const std::string& name) {
    return std::find_if(items.begin(), items.end(), [&](const auto& item) { return item.name == name; });
  };
  for (const auto& item : after) {
    const auto old = find(before, item.name);
    if (old == before.end()) {
      lines.push_back(said_of(what, item.name, " is new"));
    } else if (const std::string difference = what_differs(*old, item); !difference.empty()) {
      lines.push_back(said_of(what, item.name, ": " + difference));
    }
  }
  for (const auto& item : before) {
    if (find(after, item.name) == after.end()) lines.push_back(said_of(what, item.name, " is gone"));
  }
}

bool same_row(const SlaRow& a, const SlaRow& b) {
  return a.when == b.when && a.respond == b.respond && a.resolve == b.resolve && a.pause == b.pause &&
         a.steps == b.steps;
}

}  // namespace

void compare_rules(const Process& before, const Process& after, std::vector<std::string>& lines) {
  compare(before.rules, after.rules, "rule", lines);
  for (const Entity& kind : entities()) {
    const auto& old = before.sla_of(kind.kind);
    const auto& now = after.sla_of(kind.kind);
    if (std::equal(old.begin(), old.end(), now.begin(), now.end(), same_row)) continue;
    lines.push_back("the clocks of a " + std::string(kind.name) + " are " +
                    (old.empty()   ? "new"
                     : now.empty() ? "gone"
                                   : "others"));
  }
  compare(before.approvals, after.approvals, "approval", lines);
}

}  // namespace crm
