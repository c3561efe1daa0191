#include "process/compiled_rules.h"

#include <nlohmann/json.hpp>

#include "crm/error.h"

namespace crm {
namespace {

using Json = nlohmann::json;

// What has its usual value is left out: every command reads all of it.
void put(Json& json, const char* key, const std::string& text) {
  if (!text.empty()) json[key] = text;
}
std::string get(const Json& json, const char* key) {
  return json.value(key, std::string());
}

RuleEvent event_of(const std::string& on) {
  if (on.empty()) return {};
  auto event = parse_event(on);
  if (!event) throw Error(ErrorCode::failed, "an event that this version does not have");
  return std::move(*event);
}

Json action_to_json(const RuleAction& action) {
  Json json = {{"do", action.type}, {"line", action.line}};
  put(json, "target", action.target);
  put(json, "due", action.due);
  put(json, "template", action.template_name);
  put(json, "channel", action.channel);
  if (action.type == ActionType::create) json["kind"] = action.kind;
  for (const ActionField& field : action.fields) json["fields"].push_back({field.name, field.text});
  return json;
}

RuleAction action_from_json(const Json& json) {
  RuleAction action;
  json.at("do").get_to(action.type);
  json.at("line").get_to(action.line);
  action.target = get(json, "target");
  action.due = get(json, "due");
  action.template_name = get(json, "template");
  action.channel = get(json, "channel");
  action.kind = json.value("kind", Kind{});
  if (json.contains("fields")) {
    for (const Json& field : json.at("fields")) action.fields.push_back({field.at(0), field.at(1)});
  }
  return action;
}

Json rule_to_json(const Rule& rule) {
  Json json = {{"name", rule.name}, {"kind", rule.kind}, {"line", rule.line}, {"do", Json::array()}};
  put(json, "on", rule.on);
  put(json, "every", rule.every);
  put(json, "when", rule.when);
  put(json, "again", rule.again);
  if (!rule.backlog) json["backlog"] = false;
  for (const RuleAction& action : rule.actions) json["do"].push_back(action_to_json(action));
  return json;
}

Rule rule_from_json(const Json& json) {
  Rule rule;
  json.at("name").get_to(rule.name);
  json.at("kind").get_to(rule.kind);
  json.at("line").get_to(rule.line);
  rule.on = get(json, "on");
  rule.event = event_of(rule.on);
  rule.every = get(json, "every");
  rule.when = get(json, "when");
  rule.again = get(json, "again");
  rule.backlog = json.value("backlog", true);
  for (const Json& action : json.at("do")) rule.actions.push_back(action_from_json(action));
  return rule;
}

Json sla_to_json(const SlaRow& row) {
  Json json = {{"line", row.line}};
  put(json, "when", row.when);
  put(json, "respond", row.respond);
  put(json, "resolve", row.resolve);
  if (!row.pause.empty()) json["pause"] = row.pause;
  for (const SlaStep& step : row.steps) json["steps"].push_back({step.percent, step.to, step.template_name});
  return json;
}

SlaRow sla_from_json(const Json& json) {
  SlaRow row;
  json.at("line").get_to(row.line);
  row.when = get(json, "when");
  row.respond = get(json, "respond");
  row.resolve = get(json, "resolve");
  row.pause = json.value("pause", std::vector<std::string>());
  if (json.contains("steps")) {
    for (const Json& step : json.at("steps")) row.steps.push_back({step.at(0), step.at(1), step.at(2)});
  }
  return row;
}

Json approval_to_json(const ApprovalRule& approval) {
  Json json = {{"name", approval.name},
               {"on", approval.on},
               {"order", approval.order},
               {"by", approval.by},
               {"line", approval.line}};
  put(json, "when", approval.when);
  put(json, "deadline_after", approval.deadline_after);
  put(json, "deadline_to", approval.deadline_to);
  put(json, "fast_track_role", approval.fast_track_role);
  if (!approval.fast_track_reason) json["fast_track_reason"] = false;
  if (approval.own) json["own"] = true;
  return json;
}

ApprovalRule approval_from_json(const Json& json) {
  ApprovalRule approval;
  json.at("name").get_to(approval.name);
  json.at("on").get_to(approval.on);
  json.at("order").get_to(approval.order);
  json.at("by").get_to(approval.by);
  json.at("line").get_to(approval.line);
  approval.event = event_of(approval.on);
  approval.when = get(json, "when");
  approval.deadline_after = get(json, "deadline_after");
  approval.deadline_to = get(json, "deadline_to");
  approval.fast_track_role = get(json, "fast_track_role");
  approval.fast_track_reason = json.value("fast_track_reason", true);
  approval.own = json.value("own", false);
  return approval;
}

}  // namespace

void rules_to_json(const Process& process, Json& json) {
  for (const Rule& rule : process.rules) json["rules"].push_back(rule_to_json(rule));
  for (const ApprovalRule& approval : process.approvals)
    json["approvals"].push_back(approval_to_json(approval));
  for (const Entity& kind : entities()) {
    for (const SlaRow& row : process.sla_of(kind.kind))
      json["sla"][std::string(kind.name)].push_back(sla_to_json(row));
  }
}

void rules_from_json(const Json& json, Process& process) {
  if (json.contains("rules")) {
    for (const Json& rule : json.at("rules")) process.rules.push_back(rule_from_json(rule));
  }
  if (json.contains("approvals")) {
    for (const Json& approval : json.at("approvals"))
      process.approvals.push_back(approval_from_json(approval));
  }
  if (!json.contains("sla")) return;
  for (const auto& [name, rows] : json.at("sla").items()) {
    const Entity* kind = find_entity(name);
    if (kind == nullptr) throw Error(ErrorCode::failed, "a kind that this version does not have");
    for (const Json& row : rows) process.sla[slot(kind->kind)].push_back(sla_from_json(row));
  }
}

}  // namespace crm
