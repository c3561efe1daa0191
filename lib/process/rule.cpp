#include "process/rule.h"

#include <algorithm>
#include <array>
#include <utility>

namespace crm {
namespace {

struct Word {
  std::string_view name;
  EventType type;
};
constexpr Word kWords[] = {{"created", EventType::created}, {"updated", EventType::updated},
                           {"deleted", EventType::deleted}, {"assigned", EventType::assigned},
                           {"stage", EventType::stage},     {"overdue", EventType::overdue}};

constexpr std::string_view kLeadVerbs[] = {"advance", "claim", "convert", "lose", "release"};
constexpr std::string_view kFollowupVerbs[] = {"acknowledge", "cancel",     "done",
                                               "plan",        "reschedule", "snooze"};

constexpr std::string_view kLogged = "followup.logged";
constexpr std::string_view kDecided = "approval.decided";

bool has_owner(const Entity& kind) {
  return std::any_of(kind.fields.begin(), kind.fields.end(),
                     [](const Field& field) { return field.name == "owner"; });
}

// Whether such a thing can happen to a record of the kind.
bool fits(EventType type, const Entity& kind) {
  switch (type) {
    case EventType::assigned:
      return has_owner(kind);
    case EventType::stage:
    case EventType::overdue:
      return kind.has_stages;
    default:
      return has_rules(kind.kind);
  }
}

}  // namespace

bool has_rules(Kind kind) {
  return kind != Kind::stage_change && kind != Kind::consent;
}

std::span<const std::string_view> verbs_of(Kind kind) {
  if (kind == Kind::lead) return kLeadVerbs;
  if (kind == Kind::followup) return kFollowupVerbs;
  return {};
}

std::string_view name(ActionType type) {
  return kActionNames[static_cast<std::size_t>(type)];
}

std::optional<RuleEvent> parse_event(std::string_view text) {
  if (text == kLogged) return RuleEvent{EventType::logged, Kind::followup, {}};
  if (text == kDecided) return RuleEvent{EventType::decided, {}, {}};
  const std::size_t dot = text.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const Entity* kind = find_entity(text.substr(0, dot));
  if (kind == nullptr || kind->name != text.substr(0, dot)) return std::nullopt;
  const std::string_view rest = text.substr(dot + 1);
  for (const Word& word : kWords) {
    if (rest == word.name && fits(word.type, *kind)) return RuleEvent{word.type, kind->kind, {}};
  }
  constexpr std::string_view kStage = "stage.";
  if (rest.starts_with(kStage) && rest.size() > kStage.size() && kind->has_stages)
    return RuleEvent{EventType::stage, kind->kind, std::string(rest.substr(kStage.size()))};
  const auto verbs = verbs_of(kind->kind);
  if (std::find(verbs.begin(), verbs.end(), rest) == verbs.end()) return std::nullopt;
  return RuleEvent{EventType::verb, kind->kind, std::string(rest)};
}

std::vector<std::string> event_names() {
  std::vector<std::string> names;
  for (const Entity& kind : entities()) {
    const std::string prefix = std::string(kind.name) + '.';
    for (const Word& word : kWords) {
      if (fits(word.type, kind)) names.push_back(prefix + std::string(word.name));
    }
    for (const std::string_view verb : verbs_of(kind.kind)) names.push_back(prefix + std::string(verb));
  }
  names.emplace_back(kLogged);
  names.emplace_back(kDecided);
  return names;
}

}  // namespace crm
