#include <algorithm>
#include <string>

#include "base/text.h"
#include "crm/time.h"
#include "process/schedule.h"
#include "workflow/map_reader.h"
#include "workflow/read_actions.h"
#include "workflow/sections.h"

namespace crm {
namespace {

constexpr std::size_t kMaxRules = 500;

const Entity* read_subject(const Node& name, Reading& reading) {
  const Entity* kind = read_kind(name, reading);
  if (kind == nullptr || has_rules(kind->kind)) return kind;
  reading.faults.add(name, "there are no rules about " + std::string(kind->plural.en));
  return nullptr;
}

bool is_taken(const Process& process, const std::string& name) {
  const auto named = [&](const auto& one) { return one.name == name; };
  return std::any_of(process.rules.begin(), process.rules.end(), named) ||
         std::any_of(process.reminders.begin(), process.reminders.end(), named);
}

void read_name(const MapReader& map, Rule& rule, Reading& reading) {
  const auto name = map.required_text("name");
  if (!name || !check_name(*map.find("name"), '-', reading.faults)) return;
  if (is_taken(reading.process, *name)) {
    reading.faults.add(*map.find("name"), "the rule or reminder " + quoted(*name) + " occurs twice",
                       "messages and runs are kept by its name");
  }
  rule.name = *name;
}

// Whether the kind of the rule's records is known from here on.
bool read_event(const MapReader& map, Rule& rule, Reading& reading) {
  const Node& on = *map.find("on");
  const auto event = parse_event(rule.on);
  if (!event) {
    const std::string hint = nearest_hint(rule.on, event_names());
    reading.faults.add(on, "unknown event " + quoted(rule.on),
                       hint.empty() ? "write KIND.created, KIND.stage.NAME, …" : hint);
    return false;
  }
  rule.event = *event;
  rule.kind = event->kind;
  check_stage_name(on, *event, reading);
  const Node* of = map.find("for");
  const bool about_another = event->type == EventType::logged || event->type == EventType::decided;
  if (of == nullptr) {
    if (event->type != EventType::decided) return true;
    reading.faults.add(on, "a rule on 'approval.decided' needs 'for'",
                       "write 'for: lead', the kind of the records that are decided on");
    return false;
  }
  const Entity* kind = read_subject(*of, reading);
  if (kind == nullptr) return false;
  if (!about_another && kind->kind != rule.kind) {
    reading.faults.add(*of,
                       "the event " + quoted(rule.on) + " happens to a " +
                           std::string(entity(rule.kind).name) + ", not to a " + std::string(kind->name),
                       "leave 'for' out");
  }
  rule.kind = kind->kind;
  return true;
}

bool read_schedule(const MapReader& map, Rule& rule, Reading& reading) {
  if (!parse_schedule(rule.every)) {
    reading.faults.add(*map.find("every"), quoted(rule.every) + " is no schedule",
                       "write " + std::string(kScheduleForms));
  }
  const Node* of = map.require("for");
  const Entity* kind = of == nullptr ? nullptr : read_subject(*of, reading);
  if (kind != nullptr) rule.kind = kind->kind;
  map.require("when");
  return kind != nullptr;
}

void refuse_with_event(const MapReader& map, std::string_view key, Reading& reading) {
  if (const Node* node = map.find(key))
    reading.faults.add(*node, quoted(key) + " belongs to a schedule",
                       "leave it out, or write 'every' in place of 'on'");
}

void read_again(const MapReader& map, Rule& rule, Reading& reading) {
  rule.again = map.text("again").value_or("");
  if (!rule.again.empty() && !parse_duration(rule.again)) {
    reading.faults.add(*map.find("again"), quoted(rule.again) + " is no length of time",
                       "write 30m, 48h, 2d or 1w");
  }
  rule.backlog = map.word("backlog", workflow_keys::kBacklogs).value_or("act") == "act";
}

// Whether the kind of its records is known.
bool read_cause(const MapReader& map, const Node& item, Rule& rule, Reading& reading) {
  rule.on = map.text("on").value_or("");
  rule.every = map.text("every").value_or("");
  if (!rule.on.empty() && !rule.every.empty()) {
    reading.faults.add(*map.find("every"), "a rule has either 'on' or 'every'", "make two rules of it");
    return read_event(map, rule, reading);
  }
  if (!rule.on.empty()) {
    refuse_with_event(map, "again", reading);
    refuse_with_event(map, "backlog", reading);
    return read_event(map, rule, reading);
  }
  if (rule.every.empty()) {
    reading.faults.add(item, "a rule needs 'on' or 'every'",
                       "write 'on: lead.created', or 'every: day at 09:00' with 'for' and 'when'");
    return false;
  }
  read_again(map, rule, reading);
  return read_schedule(map, rule, reading);
}

}  // namespace

void check_stage_name(const Node& at, const RuleEvent& event, Reading& reading) {
  if (event.type != EventType::stage || event.detail.empty()) return;
  const std::vector<std::string> stages = reading.process.stage_names(event.kind);
  if (stages.empty() || std::find(stages.begin(), stages.end(), event.detail) != stages.end()) return;
  reading.faults.add(at, "there is no stage " + quoted(event.detail), nearest_hint(event.detail, stages));
}

void read_rules(const Node& node, const Node* templates, Reading& reading) {
  const auto items = items_of(node, "'rules'", reading.faults);
  if (items.size() > kMaxRules)
    reading.faults.add(items[kMaxRules], "more than " + std::to_string(kMaxRules) + " rules");
  RuleFights fights;
  for (const Node& item : items.first(std::min(items.size(), kMaxRules))) {
    Rule rule;
    rule.line = item.line;
    const MapReader map(item, workflow_keys::kRule, "a rule", reading.faults);
    read_name(map, rule, reading);
    const bool known = read_cause(map, item, rule, reading);
    rule.when = map.text("when").value_or("");
    const bool scheduled = rule.event.type == EventType::schedule;
    if (known && !rule.when.empty())
      check_condition(*map.find("when"), rule.kind,
                      scheduled ? ExpressionUse::schedule : ExpressionUse::event, reading);
    if (const Node* actions = map.require("do"); actions != nullptr && known)
      read_actions(*actions, templates, rule, fights, reading);
    reading.process.rules.push_back(std::move(rule));
  }
}

}  // namespace crm
