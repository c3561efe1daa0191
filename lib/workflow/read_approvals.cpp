#include <algorithm>
#include <string>

#include "base/text.h"
#include "process/schedule.h"
#include "workflow/map_reader.h"
#include "workflow/read_actions.h"
#include "workflow/sections.h"

namespace crm {
namespace {

constexpr std::size_t kMaxApprovals = 100;

void read_name(const MapReader& map, ApprovalRule& approval, Reading& reading) {
  const auto name = map.required_text("name");
  if (!name || !check_name(*map.find("name"), '-', reading.faults)) return;
  const auto& known = reading.process.approvals;
  if (std::any_of(known.begin(), known.end(), [&](const ApprovalRule& one) { return one.name == *name; }))
    reading.faults.add(*map.find("name"), "the approval " + quoted(*name) + " occurs twice");
  approval.name = *name;
}

// What is held back must be something that somebody does.
bool is_held_back(const RuleEvent& event) {
  return event.type != EventType::overdue && event.type != EventType::decided &&
         event.type != EventType::logged;
}

bool read_event(const MapReader& map, ApprovalRule& approval, Reading& reading) {
  const auto on = map.required_text("on");
  if (!on) return false;
  const auto event = parse_event(*on);
  if (!event || !is_held_back(*event)) {
    const std::string hint = nearest_hint(*on, event_names());
    reading.faults.add(*map.find("on"),
                       event ? quoted(*on) + " cannot wait for an approval" : "unknown event " + quoted(*on),
                       event || hint.empty() ? "write KIND.VERB, KIND.updated, KIND.stage.NAME, …" : hint);
    return false;
  }
  check_stage_name(*map.find("on"), *event, reading);
  approval.on = *on;
  approval.event = *event;
  return true;
}

// Without 'roles' a user may have any.
void check_role(const Node& at, std::string_view role, Reading& reading) {
  std::vector<std::string> known;
  for (const Role& one : reading.process.roles) known.push_back(one.name);
  if (known.empty() || std::find(known.begin(), known.end(), role) != known.end()) return;
  reading.faults.add(at, "there is no role " + quoted(role), nearest_hint(role, known));
}

void check_approver(const Node& approver, Reading& reading) {
  constexpr std::string_view kRole = "role/";
  const std::string_view name = approver.text;
  if (name.starts_with(kRole)) check_role(approver, name.substr(kRole.size()), reading);
}

void read_names(const Node& node, ApprovalRule& approval, Reading& reading) {
  for (const Node* item : scalar_list(node, "'by'", reading.faults)) {
    check_approver(*item, reading);
    approval.by.push_back(item->text);
  }
}

void read_approvers(const MapReader& map, ApprovalRule& approval, Reading& reading) {
  const Node* by = map.require("by");
  if (by == nullptr) return;
  if (by->kind != Node::Kind::map) {
    read_names(*by, approval, reading);
    return;
  }
  const MapReader orders(*by, workflow_keys::kApprovers, "'by'", reading.faults);
  if (by->entries.size() != 1) reading.faults.add(*by, "'by' has one of 'in-order', 'any-of' and 'all-of'");
  for (std::size_t i = 0; i < std::size(workflow_keys::kApproversNames); ++i) {
    const Node* names = orders.find(workflow_keys::kApproversNames[i]);
    if (names == nullptr) continue;
    approval.order = static_cast<ApprovalOrder>(i);
    read_names(*names, approval, reading);
  }
}

void read_deadline(const MapReader& map, ApprovalRule& approval, Reading& reading) {
  const Node* node = map.find("deadline");
  if (node == nullptr) return;
  const MapReader deadline(*node, workflow_keys::kDeadline, "'deadline'", reading.faults);
  approval.deadline_after = deadline.required_text("after").value_or("");
  approval.deadline_to = deadline.required_text("to").value_or("");
  if (!approval.deadline_to.empty()) check_approver(*deadline.find("to"), reading);
  if (!approval.deadline_after.empty() && !parse_dwell(approval.deadline_after)) {
    reading.faults.add(*deadline.find("after"), quoted(approval.deadline_after) + " is no length of time",
                       "write " + std::string(kDwellForms));
  }
}

void read_fast_track(const MapReader& map, ApprovalRule& approval, Reading& reading) {
  const Node* node = map.find("fast-track");
  if (node == nullptr) return;
  const MapReader fast(*node, workflow_keys::kFastTrack, "'fast-track'", reading.faults);
  approval.fast_track_role = fast.required_text("role").value_or("");
  if (!approval.fast_track_role.empty()) check_role(*fast.find("role"), approval.fast_track_role, reading);
  approval.fast_track_reason =
      fast.word("reason", workflow_keys::kReasons).value_or("required") == "required";
}

// A verb that leads to a stage is not the only way to it.
void warn_of_other_ways(const Node& on, const ApprovalRule& approval, Reading& reading) {
  if (approval.event.type != EventType::verb) return;
  const bool lost = approval.event.detail == "lose";
  if (!lost && approval.event.detail != "convert") return;
  const Process& process = reading.process;
  const Kind kind = approval.event.kind;
  for (const Stage& stage : process.stages_of(kind)) {
    if (stage.outcome != (lost ? Outcome::lost : Outcome::won)) continue;
    const auto guards = [&](const ApprovalRule& other) {
      return other.event.type == EventType::stage && other.event.kind == kind &&
             (other.event.detail.empty() || other.event.detail == stage.name);
    };
    if (std::any_of(process.approvals.begin(), process.approvals.end(), guards)) return;
    const std::string name(entity(kind).name);
    reading.faults.warn(on,
                        quoted(approval.on) + " holds back that verb alone: 'crm " + name + " edit --stage " +
                            stage.name + "' needs no approval",
                        "write on: " + name + ".stage." + stage.name);
    return;
  }
}

}  // namespace

void read_approvals(const Node& node, Reading& reading) {
  const auto items = items_of(node, "'approvals'", reading.faults);
  if (items.size() > kMaxApprovals)
    reading.faults.add(items[kMaxApprovals], "more than " + std::to_string(kMaxApprovals) + " approvals");
  for (const Node& item : items.first(std::min(items.size(), kMaxApprovals))) {
    ApprovalRule approval;
    approval.line = item.line;
    const MapReader map(item, workflow_keys::kApproval, "an approval", reading.faults);
    read_name(map, approval, reading);
    const bool known = read_event(map, approval, reading);
    approval.when = map.text("when").value_or("");
    if (known && !approval.when.empty())
      check_condition(*map.find("when"), approval.event.kind, ExpressionUse::event, reading);
    read_approvers(map, approval, reading);
    approval.own = map.boolean("own");
    read_deadline(map, approval, reading);
    read_fast_track(map, approval, reading);
    reading.process.approvals.push_back(std::move(approval));
  }
  const auto& read = reading.process.approvals;
  for (std::size_t i = 0; i < read.size(); ++i) {
    if (const Node* on = items[i].find("on")) warn_of_other_ways(*on, read[i], reading);
  }
}

}  // namespace crm
