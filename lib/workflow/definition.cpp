#include "workflow/definition.h"

#include <algorithm>

#include "base/country.h"
#include "base/embedded.h"
#include "base/money.h"
#include "base/text.h"
#include "crm/time.h"
#include "modules/yaml.h"
#include "workflow/map_reader.h"
#include "workflow/sections.h"

namespace crm {
namespace {

constexpr std::string_view kDefaultFile = "default.workflow.yaml";

void read_timezone(const MapReader& map, Reading& reading) {
  const auto name = map.text("timezone");
  if (!name) return;
  try {
    TimeZone::load(*name);
    reading.process.timezone = *name;
  } catch (const Error& error) {
    reading.faults.add(*map.find("timezone"), error.message(), error.hint());
  }
}

void read_country(const MapReader& map, Reading& reading) {
  const auto code = map.text("country");
  if (!code) return;
  if (!is_country(*code)) {
    reading.faults.add(*map.find("country"), "unknown country " + quoted(*code),
                       "write an ISO 3166 code of two capital letters, such as CN");
  }
  reading.process.country = *code;
}

void read_currency(const MapReader& map, Reading& reading) {
  const auto code = map.text("currency");
  if (!code) return;
  if (!currency_exponent(*code)) {
    reading.faults.add(*map.find("currency"), "unknown currency " + quoted(*code),
                       "write an ISO 4217 code, such as CNY");
    return;
  }
  reading.process.currency = *code;
}

void read_history(const MapReader& map, Reading& reading) {
  const auto text = map.text("history");
  if (!text) return;
  const auto length = parse_duration(*text);
  const auto whole = length ? std::chrono::floor<std::chrono::days>(*length) : std::chrono::days(0);
  if (!length || whole != *length || whole < std::chrono::days(1) || whole > std::chrono::days(3660)) {
    reading.faults.add(*map.find("history"), quoted(*text) + " is no number of days",
                       "write 90d or 26w, at most ten years");
    return;
  }
  reading.process.history_days = static_cast<int>(whole.count());
}

void read_head(const MapReader& map, Reading& reading) {
  if (const auto name = map.required_text("workflow")) {
    if (check_name(*map.find("workflow"), '-', reading.faults)) reading.process.name = *name;
  }
  reading.process.description = map.text("description").value_or("");
  read_timezone(map, reading);
  read_country(map, reading);
  read_currency(map, reading);
  read_history(map, reading);
}

void take_default_stages(Process& process) {
  std::unique_ptr<Process> built_in;
  for (const Entity& kind : entities()) {
    std::vector<Stage>& stages = process.stages[static_cast<std::size_t>(kind.kind)];
    if (!kind.has_stages || !stages.empty()) continue;
    if (built_in == nullptr) built_in = default_process();
    stages = built_in->stages_of(kind.kind);
  }
}

// What is read later may refer to what is read before, wherever it stands in the file.
void read_sections(const MapReader& map, Reading& reading) {
  if (const Node* node = map.find("calendar")) read_calendar(*node, reading);
  if (const Node* node = map.find("fields")) read_fields(*node, reading);
  const Node* stages = map.find("stages");
  if (stages != nullptr) read_stages(*stages, reading);
  if (reading.faults.count() == 0 || stages == nullptr) take_default_stages(reading.process);
  if (const Node* node = map.find("validate")) read_validations(*node, reading);
  if (const Node* node = map.find("assign")) read_assignments(*node, reading);
  if (const Node* node = map.find("score")) read_scores(*node, reading);
  if (const Node* node = map.find("level")) read_levels(*node, reading);
  if (const Node* node = map.find("roles")) read_roles(*node, reading);
  if (const Node* node = map.find("dedupe")) read_dedupe(*node, reading);
  const Node* templates = map.find("templates");
  if (templates != nullptr) read_templates(*templates, reading);
  if (const Node* node = map.find("reminders")) read_reminders(*node, templates, reading);
  if (const Node* node = map.find("pool")) read_pools(*node, templates, reading);
  if (const Node* node = map.find("approvals")) read_approvals(*node, reading);
  if (const Node* node = map.find("rules")) read_rules(*node, templates, reading);
  if (const Node* node = map.find("sla")) read_sla(*node, templates, reading);
}

}  // namespace

const Entity* read_kind(const Node& name, Reading& reading) {
  std::vector<std::string> names;
  for (const Entity& one : entities()) {
    if (name.kind == Node::Kind::scalar && one.name == name.text) return &one;
    names.emplace_back(one.name);
  }
  reading.faults.add(name, "unknown kind " + quoted(name.text), nearest_hint(name.text, names));
  return nullptr;
}

bool check_field(const Node& name, const Entity& kind, const Reading& reading) {
  const KindView view = reading.process.view(kind.kind);
  if (view.find(name.text) != nullptr) return true;
  if (reading.is_in_doubt(kind.kind, name.text)) return false;
  const std::string hint = nearest_hint(name.text, view.names());
  reading.faults.add(name, std::string(kind.plural.en) + " have no field " + quoted(name.text),
                     hint.empty() ? "'crm schema " + std::string(kind.name) + "' lists them" : hint);
  return false;
}

bool check_owned(const Node& at, const Entity& kind, const std::string& consequence, Reading& reading) {
  const bool owned = std::any_of(kind.fields.begin(), kind.fields.end(),
                                 [](const Field& field) { return field.name == "owner"; });
  if (!owned) reading.faults.add(at, "a " + std::string(kind.name) + " has no owner: " + consequence);
  return owned;
}

std::unique_ptr<Process> read_definition(std::string_view text, const std::string& file,
                                         std::vector<Problem>& problems, std::vector<Problem>* warnings) {
  const std::optional<Node> root = read_yaml(text, file, problems);
  if (!root) return nullptr;
  Faults faults(text, file, problems);
  if (root->kind == Node::Kind::null) {
    problems.push_back({{file, 1, 1}, "the file is empty", "it needs at least 'workflow: NAME'", {}});
    return nullptr;
  }
  auto process = std::make_unique<Process>();
  faults.end_when_full();
  try {
    const MapReader map(*root, workflow_keys::kFile, "a workflow file", faults);
    Reading reading{*process, faults, {}};
    read_head(map, reading);
    read_sections(map, reading);
  } catch (const TooManyFaults&) {
    // finish() says so.
  }
  faults.finish();
  if (warnings != nullptr) {
    const std::vector<Problem> found = faults.warnings();
    warnings->insert(warnings->end(), found.begin(), found.end());
  }
  return faults.count() == 0 ? std::move(process) : nullptr;
}

const std::string& default_workflow_text() {
  static const std::string text = [] {
    for (const EmbeddedFile& file : embedded_files()) {
      if (file.name == kDefaultFile) return std::string(file.text);
    }
    throw Error(ErrorCode::failed, "the built-in workflow is missing from this build");
  }();
  return text;
}

std::unique_ptr<Process> default_process() {
  std::vector<Problem> problems;
  auto process = read_definition(default_workflow_text(), std::string(kDefaultFile), problems);
  if (process == nullptr) throw Error(ErrorCode::failed, describe(problems.front(), false));
  return process;
}

}  // namespace crm
