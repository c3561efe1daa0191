#include "workflow/read_actions.h"

#include <algorithm>
#include <string>

#include "base/text.h"
#include "filter/check.h"
#include "filter/terms.h"
#include "process/schedule.h"
#include "workflow/map_reader.h"
#include "workflow/template_names.h"

namespace crm {
namespace {

constexpr std::size_t kMaxActions = 50;

// A value without names in it is held against the field's type.
void check_value(const Node& value, const KindView& view, const Field& field, Reading& reading) {
  if (value.text.empty() || value.text.find("{{") != std::string::npos) return;
  FilterContext context;
  context.view = &view;
  context.currency = reading.process.currency.empty() ? "CNY" : reading.process.currency;
  context.stages = reading.process.stage_names(view.kind());
  try {
    check_expression(parse_term(std::string(field.name) + '=' + value.text), context);
  } catch (const Error& error) {
    const bool placed = !error.problems().empty();
    reading.faults.add(value, placed ? error.problems().front().message : error.message(),
                       placed ? error.problems().front().hint : error.hint());
  }
}

// {field: value, …} on a record of `kind`; the values name fields of the rule's record.
void read_fields_set(const Node& node, Kind kind, const Rule& rule, RuleAction& action, Reading& reading) {
  const KindView view = reading.process.view(kind);
  for (const auto& [name, value] : entries_of(node, "'set'", reading.faults)) {
    const Field* field = view.find(name.text);
    if (value.kind != Node::Kind::scalar && value.kind != Node::Kind::null) {
      reading.faults.add(value,
                         "the value of " + quoted(name.text) + " must be one text, number, true or false");
      continue;
    }
    if (value.kind == Node::Kind::scalar) check_text(value, rule.kind, reading);
    const bool doubtful = reading.is_in_doubt(kind, name.text);  // its own fault is told already
    if (field == nullptr && !doubtful) {
      reading.faults.add(name, std::string(view.entity().plural.en) + " have no field " + quoted(name.text),
                         nearest_hint(name.text, view.names()));
    } else if (!doubtful && (field->is_derived() || field->access != Access::open)) {
      reading.faults.add(name, quoted(name.text) + " is kept by the program and cannot be set");
    } else if (!doubtful) {
      check_value(value, view, *field, reading);
    }
    action.fields.push_back({name.text, value.kind == Node::Kind::scalar ? value.text : std::string()});
  }
}

void read_followup(const Node& node, const Rule& rule, RuleAction& action, Reading& reading) {
  const MapReader map(node, workflow_keys::kFollowup, "a planned follow-up", reading.faults);
  const KindView view = reading.process.view(Kind::followup);
  action.due = map.required_text("due").value_or("");
  if (!action.due.empty() && !parse_dwell(action.due)) {
    reading.faults.add(*map.find("due"), quoted(action.due) + " is no length of time",
                       "write " + std::string(kDwellForms));
  }
  for (const char* key : {"type", "note", "owner"}) {
    const auto text = map.text(key);
    if (!text) continue;
    check_text(*map.find(key), rule.kind, reading);
    check_value(*map.find(key), view, *view.find(key), reading);
    action.fields.push_back({key, *text});
  }
  if (rule.kind == Kind::followup)
    reading.faults.add(node, "a follow-up is not followed up",
                       "write 'for: lead', so that the rule is about the lead that was talked to");
}

void read_create(const Node& node, const Rule& rule, RuleAction& action, Reading& reading) {
  const MapReader map(node, workflow_keys::kCreate, "a new record", reading.faults);
  const Node* kind_name = map.require("kind");
  const Node* fields = map.require("set");
  const Entity* kind = kind_name == nullptr ? nullptr : read_kind(*kind_name, reading);
  if (kind == nullptr) return;
  if (kind->kind == Kind::stage_change || kind->kind == Kind::user || kind->kind == Kind::team) {
    reading.faults.add(*kind_name, "a rule makes no " + std::string(kind->plural.en),
                       "it makes customers, contacts, leads and follow-ups");
  }
  action.kind = kind->kind;
  if (fields != nullptr) read_fields_set(*fields, kind->kind, rule, action, reading);
}

void read_notify(const Node& node, const Node* templates, const Rule& rule, RuleAction& action,
                 Reading& reading) {
  const MapReader map(node, workflow_keys::kNotify, "a message", reading.faults);
  action.target = map.required_text("to").value_or("");
  map.require("template");
  action.template_name = read_message_template(map, templates, rule.kind, reading);
  action.channel = map.text("channel").value_or("");
}

void read_webhook(const Node& node, const Rule& rule, RuleAction& action, Reading& reading) {
  const MapReader map(node, workflow_keys::kWebhook, "a webhook", reading.faults);
  action.channel = map.required_text("channel").value_or("");
  const Node* fields = map.find("fields");
  if (fields == nullptr) return;
  const KindView view = reading.process.view(rule.kind);
  for (const Node* item : scalar_list(*fields, "'fields'", reading.faults)) {
    if (view.find(item->text) == nullptr)
      reading.faults.add(*item, std::string(view.entity().plural.en) + " have no field " + quoted(item->text),
                         nearest_hint(item->text, view.names()));
    action.fields.push_back({item->text, {}});
  }
}

void read_stage(const Node& value, const Rule& rule, Reading& reading) {
  if (!entity(rule.kind).has_stages) {
    reading.faults.add(value, std::string(entity(rule.kind).plural.en) + " have no stages");
    return;
  }
  check_stage_name(value, {EventType::stage, rule.kind, value.text}, reading);
}

void check_approval_name(const Node& value, Reading& reading) {
  std::vector<std::string> known;
  for (const ApprovalRule& one : reading.process.approvals) known.push_back(one.name);
  if (std::find(known.begin(), known.end(), value.text) != known.end()) return;
  reading.faults.add(value, "unknown approval " + quoted(value.text),
                     known.empty() ? "write it under 'approvals'" : nearest_hint(value.text, known));
}

// The actions that are one word.
void read_word(const Node& value, const Rule& rule, RuleAction& action, Reading& reading) {
  action.target = scalar_text(value, quoted(name(action.type)), reading.faults).value_or("");
  if (action.target.empty()) return;
  const bool owned = reading.process.view(rule.kind).find("owner") != nullptr;
  switch (action.type) {
    case ActionType::stage:
      read_stage(value, rule, reading);
      break;
    case ActionType::release:
      if (action.target != "pool")
        reading.faults.add(value, "'release' goes to the pool", "write 'release: pool'");
      [[fallthrough]];
    case ActionType::assign:
      if (!owned) reading.faults.add(value, std::string(entity(rule.kind).plural.en) + " have no owner");
      break;
    case ActionType::require_approval:
      check_approval_name(value, reading);
      if (rule.event.type == EventType::schedule)
        reading.faults.add(value, "a schedule cannot wait for an approval", "use an event");
      break;
    default:
      check_text(value, rule.kind, reading);
      break;
  }
}

// One tag, or several: an action for each.
void read_tags(const Node& value, const Rule& rule, const RuleAction& action,
               std::vector<RuleAction>& actions, Reading& reading) {
  for (const Node* tag : scalar_list(value, quoted(name(action.type)), reading.faults)) {
    RuleAction one = action;
    read_word(*tag, rule, one, reading);
    actions.push_back(std::move(one));
  }
}

void read_action(const NodeEntry& entry, const Node* templates, Rule& rule, Reading& reading) {
  const auto known = std::find(std::begin(kActionNames), std::end(kActionNames), entry.key.text);
  if (known == std::end(kActionNames)) return;  // reported as an unknown key
  RuleAction action;
  action.type = static_cast<ActionType>(known - std::begin(kActionNames));
  action.line = entry.key.line;
  switch (action.type) {
    case ActionType::set:
      read_fields_set(entry.value, rule.kind, rule, action, reading);
      break;
    case ActionType::tag:
    case ActionType::untag:
      read_tags(entry.value, rule, action, rule.actions, reading);
      return;
    case ActionType::followup:
      read_followup(entry.value, rule, action, reading);
      break;
    case ActionType::create:
      read_create(entry.value, rule, action, reading);
      break;
    case ActionType::notify:
      read_notify(entry.value, templates, rule, action, reading);
      break;
    case ActionType::webhook:
      read_webhook(entry.value, rule, action, reading);
      break;
    default:
      read_word(entry.value, rule, action, reading);
      break;
  }
  rule.actions.push_back(std::move(action));
}

}  // namespace

void read_actions(const Node& node, const Node* templates, Rule& rule, RuleFights& fights, Reading& reading) {
  const auto items = items_of(node, "'do'", reading.faults);
  if (items.empty()) reading.faults.add(node, "a rule does something", "write actions under 'do'");
  if (items.size() > kMaxActions)
    reading.faults.add(items[kMaxActions], "more than " + std::to_string(kMaxActions) + " actions");
  for (const Node& item : items.first(std::min(items.size(), kMaxActions))) {
    const MapReader map(item, workflow_keys::kAction, "an action", reading.faults);
    if (item.kind == Node::Kind::map && item.entries.size() != 1) {
      reading.faults.add(item, "an action has one key", "begin each action with '- '");
      continue;
    }
    const std::size_t first = rule.actions.size();
    for (const NodeEntry& entry : item.entries) read_action(entry, templates, rule, reading);
    fights.note(rule, first, item, reading);
  }
}

}  // namespace crm
