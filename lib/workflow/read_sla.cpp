#include <algorithm>
#include <charconv>
#include <string>

#include "base/text.h"
#include "process/schedule.h"
#include "workflow/map_reader.h"
#include "workflow/sections.h"
#include "workflow/table_rows.h"
#include "workflow/template_names.h"

namespace crm {
namespace {

constexpr std::size_t kMaxClocks = 100;
constexpr std::size_t kMaxSteps = 20;

std::string read_limit(const MapReader& map, std::string_view key, Reading& reading) {
  std::string text = map.text(key).value_or("");
  if (!text.empty() && !parse_dwell(text))
    reading.faults.add(*map.find(key), quoted(text) + " is no length of time",
                       "write " + std::string(kDwellForms));
  return text;
}

std::optional<int> parse_percent(std::string_view text) {
  int percent = 0;
  if (!text.ends_with('%')) return std::nullopt;
  text.remove_suffix(1);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), percent);
  if (error != std::errc() || end != text.data() + text.size() || percent < 1 || percent > 1000)
    return std::nullopt;
  return percent;
}

SlaStep read_step(const Node& node, const Node* templates, Kind kind, Reading& reading) {
  const MapReader map(node, workflow_keys::kSlaStep, "a step", reading.faults);
  SlaStep step;
  if (const auto at = map.required_text("at")) {
    const auto percent = parse_percent(*at);
    if (!percent)
      reading.faults.add(*map.find("at"), quoted(*at) + " is no part of the limit", "write 80% or 100%");
    step.percent = percent.value_or(100);
  }
  step.to = map.required_text("to").value_or("");
  step.template_name = read_message_template(map, templates, kind, reading);
  return step;
}

void read_pause(const Node& node, Kind kind, SlaRow& row, Reading& reading) {
  const std::vector<std::string> stages = reading.process.stage_names(kind);
  for (const Node* item : scalar_list(node, "'pause'", reading.faults)) {
    if (!stages.empty() && std::find(stages.begin(), stages.end(), item->text) == stages.end())
      reading.faults.add(*item, "there is no stage " + quoted(item->text), nearest_hint(item->text, stages));
    row.pause.push_back(item->text);
  }
}

SlaRow read_row(const Node& node, const Node* templates, Kind kind, RowConditions& conditions,
                Reading& reading) {
  const MapReader map(node, workflow_keys::kSla, "a row of 'sla'", reading.faults);
  SlaRow row;
  row.line = node.line;
  row.when = conditions.read(node, map);
  row.respond = read_limit(map, "respond", reading);
  row.resolve = read_limit(map, "resolve", reading);
  if (row.respond.empty() && row.resolve.empty() && node.kind == Node::Kind::map)
    reading.faults.add(node, "a row of 'sla' needs 'respond' or 'resolve'", "write 'respond: 16h business'");
  if (const Node* pause = map.find("pause")) read_pause(*pause, kind, row, reading);
  if (const Node* steps = map.find("escalate")) {
    const auto items = items_of(*steps, "'escalate'", reading.faults);
    if (items.size() > kMaxSteps)
      reading.faults.add(items[kMaxSteps], "more than " + std::to_string(kMaxSteps) + " steps");
    for (const Node& item : items.first(std::min(items.size(), kMaxSteps)))
      row.steps.push_back(read_step(item, templates, kind, reading));
    std::stable_sort(row.steps.begin(), row.steps.end(),
                     [](const SlaStep& a, const SlaStep& b) { return a.percent < b.percent; });
  }
  return row;
}

}  // namespace

void read_sla(const Node& node, const Node* templates, Reading& reading) {
  for (const auto& [kind_name, value] : entries_of(node, "'sla'", reading.faults)) {
    const Entity* kind = read_kind(kind_name, reading);
    if (kind == nullptr) continue;
    if (!kind->has_stages) {
      reading.faults.add(kind_name, std::string(kind->plural.en) + " have no stages, so no clock would end");
      continue;
    }
    const auto items = items_of(value, "the rows of a " + std::string(kind->name), reading.faults);
    if (items.size() > kMaxClocks)
      reading.faults.add(items[kMaxClocks], "more than " + std::to_string(kMaxClocks) + " rows");
    auto& rows = reading.process.sla[slot(kind->kind)];
    RowConditions conditions(kind->kind, reading);
    for (const Node& item : items.first(std::min(items.size(), kMaxClocks)))
      rows.push_back(read_row(item, templates, kind->kind, conditions, reading));
  }
}

}  // namespace crm
