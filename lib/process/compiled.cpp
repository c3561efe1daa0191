// The stored form of a process.
#include <nlohmann/json.hpp>

#include "crm/error.h"
#include "process/compiled_member.h"
#include "process/compiled_rules.h"
#include "process/compiled_sections.h"
#include "process/process.h"

namespace crm {
namespace {

using Json = nlohmann::json;

// Raised when the stored form changes in a way that older programs cannot read.
constexpr int kFormat = 1;

Json stage_to_json(const Stage& stage) {
  Json json = {{"name", stage.name},
               {"label_en", stage.label_en},
               {"label_zh", stage.label_zh},
               {"outcome", stage.outcome},
               {"required", stage.required_fields},
               {"from", stage.from},
               {"from_any", stage.from_any},
               {"within", stage.within}};
  if (stage.probability) json["probability"] = *stage.probability;
  return json;
}

Stage stage_from_json(const Json& json) {
  Stage stage;
  json.at("name").get_to(stage.name);
  json.at("label_en").get_to(stage.label_en);
  json.at("label_zh").get_to(stage.label_zh);
  json.at("outcome").get_to(stage.outcome);
  json.at("required").get_to(stage.required_fields);
  json.at("from").get_to(stage.from);
  json.at("from_any").get_to(stage.from_any);
  json.at("within").get_to(stage.within);
  if (json.contains("probability")) stage.probability = json.at("probability").get<int>();
  return stage;
}

Json custom_field_to_json(const CustomField& custom) {
  return {{"name", custom.name},
          {"type", custom.field.type},
          {"target", custom.field.target},
          {"column", custom.column},
          {"default", custom.default_value},
          {"label_en", custom.label_en},
          {"label_zh", custom.label_zh},
          {"help_en", custom.help_en},
          {"help_zh", custom.help_zh},
          {"choices", custom.choice_names},
          {"choices_en", custom.choice_labels_en},
          {"choices_zh", custom.choice_labels_zh},
          {"searchable", custom.field.searchable},
          {"sensitive", custom.field.sensitive},
          {"mask", custom.mask},
          {"check", custom.check},
          {"listed", custom.field.listed}};
}

void custom_field_from_json(const Json& json, CustomField& custom) {
  json.at("name").get_to(custom.name);
  json.at("type").get_to(custom.field.type);
  json.at("target").get_to(custom.field.target);
  json.at("column").get_to(custom.column);
  json.at("default").get_to(custom.default_value);
  json.at("label_en").get_to(custom.label_en);
  json.at("label_zh").get_to(custom.label_zh);
  json.at("help_en").get_to(custom.help_en);
  json.at("help_zh").get_to(custom.help_zh);
  json.at("choices").get_to(custom.choice_names);
  json.at("choices_en").get_to(custom.choice_labels_en);
  json.at("choices_zh").get_to(custom.choice_labels_zh);
  json.at("searchable").get_to(custom.field.searchable);
  json.at("sensitive").get_to(custom.field.sensitive);
  json.at("mask").get_to(custom.mask);
  json.at("check").get_to(custom.check);
  json.at("listed").get_to(custom.field.listed);
  if (custom.choice_labels_en.size() != custom.choice_names.size() ||
      custom.choice_labels_zh.size() != custom.choice_names.size()) {
    throw Error(ErrorCode::failed, "choices without labels");
  }
  custom.bind();
}

Json reminder_to_json(const Reminder& reminder) {
  return {{"name", reminder.name},
          {"kind", reminder.kind},
          {"when", reminder.when},
          {"to", reminder.to},
          {"every", reminder.every},
          {"hours", reminder.hours},
          {"channel", reminder.channel},
          {"template", reminder.template_name},
          {"escalate_after", reminder.escalate_after},
          {"escalate_to", reminder.escalate_to},
          {"line", reminder.line}};
}

Reminder reminder_from_json(const Json& json) {
  Reminder reminder;
  json.at("name").get_to(reminder.name);
  json.at("kind").get_to(reminder.kind);
  json.at("when").get_to(reminder.when);
  json.at("to").get_to(reminder.to);
  json.at("every").get_to(reminder.every);
  json.at("hours").get_to(reminder.hours);
  json.at("channel").get_to(reminder.channel);
  json.at("template").get_to(reminder.template_name);
  json.at("escalate_after").get_to(reminder.escalate_after);
  json.at("escalate_to").get_to(reminder.escalate_to);
  json.at("line").get_to(reminder.line);
  return reminder;
}

// By kind name; kinds that have none are left out.
template <typename Lists, typename ToJson>
Json by_kind(const Lists& lists, ToJson to_json) {
  Json json = Json::object();
  for (const Entity& one : entities()) {
    const auto& list = lists[static_cast<std::size_t>(one.kind)];
    if (list.empty()) continue;
    Json& items = json[one.name] = Json::array();
    for (const auto& item : list) items.push_back(to_json(item));
  }
  return json;
}

template <typename Visit>
void each_by_kind(const Json& json, Visit visit) {
  for (const auto& [kind_name, items] : json.items()) {
    const Entity* found = find_entity(kind_name);
    if (found == nullptr) throw Error(ErrorCode::failed, "a kind that this version does not have");
    for (const Json& item : items) visit(static_cast<std::size_t>(found->kind), item);
  }
}

void read_lists(const Json& json, Process& process) {
  each_by_kind(json.at("stages"), [&](std::size_t kind, const Json& item) {
    process.stages[kind].push_back(stage_from_json(item));
  });
  each_by_kind(json.at("fields"), [&](std::size_t kind, const Json& item) {
    custom_field_from_json(item, process.custom_fields[kind].emplace_back());
  });
  for (const Json& item : json.at("validate")) {
    process.validations.push_back({item.at("kind").get<Kind>(), item.at("check").get<std::string>(),
                                   item.at("message").get<std::string>(), item.at("line").get<int>()});
  }
  for (const Json& item : json.at("reminders")) process.reminders.push_back(reminder_from_json(item));
  for (const Json& item : json.at("templates")) {
    process.templates.push_back({item.at("name").get<std::string>(), item.at("subject").get<std::string>(),
                                 item.at("body").get<std::string>(), item.at("html").get<std::string>()});
  }
}

Error unreadable() {
  return {ErrorCode::failed, "the active workflow revision, as it is stored, cannot be read",
          "apply its file again with 'crm workflow apply', or restore a backup"};
}

}  // namespace

std::string compile(const Process& process) {
  Json json = {{"format", kFormat},
               {"workflow", process.name},
               {"description", process.description},
               {"timezone", process.timezone},
               {"country", process.country},
               {"currency", process.currency},
               {"stages", by_kind(process.stages, stage_to_json)},
               {"fields", by_kind(process.custom_fields, custom_field_to_json)},
               {"validate", Json::array()},
               {"reminders", Json::array()},
               {"templates", Json::array()}};
  for (const Validation& one : process.validations) {
    json["validate"].push_back(
        {{"kind", one.kind}, {"check", one.check}, {"message", one.message}, {"line", one.line}});
  }
  for (const Reminder& one : process.reminders) json["reminders"].push_back(reminder_to_json(one));
  for (const MessageTemplate& one : process.templates) {
    json["templates"].push_back(
        {{"name", one.name}, {"subject", one.subject}, {"body", one.body}, {"html", one.html}});
  }
  write_sections(process, json);
  rules_to_json(process, json);
  return json.dump();
}

std::vector<std::string> compiled_stage_names(std::string_view json, Kind kind) {
  std::vector<std::string> names;
  const std::string_view stages = compiled_member(compiled_member(json, "stages"), entity(kind).name);
  if (stages.empty()) return names;
  try {
    for (const Json& stage : Json::parse(stages)) names.push_back(stage.at("name").get<std::string>());
  } catch (const Json::exception&) {
    throw unreadable();
  }
  return names;
}

std::unique_ptr<Process> from_compiled(std::string_view json) {
  try {
    const Json root = Json::parse(json);
    if (root.at("format") != kFormat) throw Error(ErrorCode::failed, "another format");
    auto process = std::make_unique<Process>();
    root.at("workflow").get_to(process->name);
    root.at("description").get_to(process->description);
    root.at("timezone").get_to(process->timezone);
    root.at("country").get_to(process->country);
    root.at("currency").get_to(process->currency);
    read_lists(root, *process);
    read_sections(root, *process);
    rules_from_json(root, *process);
    return process;
  } catch (const std::exception&) {
    throw unreadable();
  }
}

}  // namespace crm
