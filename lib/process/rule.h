// What happens by itself: an event or a schedule, a condition, and what is then done.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crm/kind.h"

namespace crm {

enum class EventType : std::uint8_t {
  created,
  updated,
  deleted,
  assigned,
  stage,     // it came into a stage; `detail` is the stage, or empty: into any
  overdue,   // a dwell limit or a clock of the SLA has run out
  logged,    // a follow-up: the talk happened
  verb,      // a verb with rules of its own; `detail` names it
  decided,   // an approval was given or refused
  schedule,  // a planned time, not a change
};

struct RuleEvent {
  EventType type = EventType::schedule;
  Kind kind{};         // of the record that it happens to; of `decided` not set
  std::string detail;  // of `stage` and `verb`
  friend bool operator==(const RuleEvent&, const RuleEvent&) = default;
};

// "lead.created", "lead.stage.won", "followup.logged", "lead.convert", "approval.decided"; nothing for any
// other text.
std::optional<RuleEvent> parse_event(std::string_view text);
// The texts that parse_event takes, stages aside.
std::vector<std::string> event_names();
// Whether rules can be about records of the kind: not about what only tells what happened.
bool has_rules(Kind kind);
// The verbs with rules of their own that a kind's records have.
std::span<const std::string_view> verbs_of(Kind kind);

enum class ActionType : std::uint8_t {
  set,
  tag,
  untag,
  stage,
  assign,
  release,
  followup,
  create,
  notify,
  webhook,
  require_approval,
};
// As a workflow file names it.
std::string_view name(ActionType type);
inline constexpr std::string_view kActionNames[] = {"set",    "tag",     "untag",           "stage",
                                                    "assign", "release", "followup",        "create",
                                                    "notify", "webhook", "require-approval"};

// A field and the template of its value; an empty one makes the field absent.
struct ActionField {
  std::string name;
  std::string text;
  friend bool operator==(const ActionField&, const ActionField&) = default;
};

struct RuleAction {
  ActionType type = ActionType::set;
  // Of tag and untag the tag, of stage the stage; of assign "table", "manager", "team-lead" or a user; of
  // notify who gets it; of require-approval the approval's name.
  std::string target;
  Kind kind{};                      // of create
  std::vector<ActionField> fields;  // of set, create and followup; of webhook the names alone, none: all
  std::string due;                  // of followup: how long from now, as a dwell limit is written
  std::string template_name;        // of notify
  std::string channel;              // of notify and webhook: the channel it goes by; empty: the usual one
  int line = 0;
  friend bool operator==(const RuleAction&, const RuleAction&) = default;
};

struct Rule {
  std::string name;
  RuleEvent event;
  Kind kind{};          // of the record that the condition and the actions are about
  std::string on;       // the event as written; empty: a schedule
  std::string every;    // the schedule as written; empty: an event
  std::string when;     // an expression; empty: always
  std::string again;    // of a schedule: acts again after so long while the condition holds; empty: never
  bool backlog = true;  // of a schedule: what matches when the rule is new is acted on
  std::vector<RuleAction> actions;
  int line = 0;  // of the file
};

}  // namespace crm
