#include <algorithm>
#include <string>

#include "base/text.h"
#include "process/schedule.h"
#include "workflow/map_reader.h"
#include "workflow/sections.h"

namespace crm {
namespace {

constexpr std::string_view kAny = "any";
constexpr std::size_t kMaxStages = 100;

// Any script; without what terms, lists and --map give a meaning to.
bool is_stage_name(std::string_view name) {
  constexpr std::size_t kMaxCharacters = 60;
  return name != kAny && name == trimmed(name) && name.find_first_of("=,;'\"") == std::string_view::npos &&
         character_count(name) <= kMaxCharacters && visible(name) == name;
}

void read_stage_name(const MapReader& map, const std::vector<Stage>& earlier, Stage& stage, Faults& faults) {
  const std::optional<std::string> name = map.required_text("name");
  if (!name) return;
  const Node& node = *map.find("name");
  if (!is_stage_name(*name)) {
    faults.add(node, quoted(*name) + " cannot be the name of a stage",
               "take up to 60 characters without = , ; and quotes; 'any' means every stage");
  }
  const std::string key = folded(*name);
  const auto same = std::find_if(earlier.begin(), earlier.end(),
                                 [&](const Stage& other) { return folded(other.name) == key; });
  if (same != earlier.end()) {
    faults.add(node, "the stage " + quoted(*name) + " occurs twice" +
                         (same->name == *name ? "" : ", before as " + quoted(same->name)));
  }
  stage.name = *name;
}

void read_required_fields(const Node& node, const KindView& view, Stage& stage, Reading& reading) {
  Faults& faults = reading.faults;
  for (const Node* item : scalar_list(node, "'requires'", faults)) {
    if (!check_field(*item, view.entity(), reading)) continue;
    if (view.find(item->text)->is_derived()) {
      faults.add(*item, quoted(item->text) + " is worked out by the program and cannot be required");
    } else {
      stage.required_fields.push_back(item->text);
    }
  }
}

Stage read_stage(const Node& node, const KindView& view, const std::vector<Stage>& earlier,
                 Reading& reading) {
  Stage stage;
  Faults& faults = reading.faults;
  const MapReader map(node, workflow_keys::kStage, "a stage", faults);
  read_stage_name(map, earlier, stage, faults);
  const LabelTexts label = map.label("label");
  stage.label_en = label.en;
  stage.label_zh = label.zh;
  if (const auto outcome = map.word("outcome", workflow_keys::kOutcomes)) {
    stage.outcome = *outcome == "won" ? Outcome::won : Outcome::lost;
    if (earlier.empty())
      faults.add(*map.find("outcome"), "the first stage is where records begin: it cannot have an outcome");
  }
  if (const Node* required = map.find("requires")) read_required_fields(*required, view, stage, reading);
  stage.probability = map.integer("probability", 0, 100);
  if (const auto within = map.text("within")) {
    if (!parse_dwell(*within)) {
      faults.add(*map.find("within"), quoted(*within) + " is no length of time",
                 "write " + std::string(kDwellForms));
    }
    stage.within = *within;
  }
  return stage;
}

void read_from(const Node& node, const std::vector<Stage>& stages, const std::vector<std::string>& names,
               Stage& stage, Faults& faults) {
  for (const Node* item : scalar_list(node, "'from'", faults)) {
    const std::string& name = item->text;
    const bool known =
        std::any_of(stages.begin(), stages.end(), [&](const Stage& other) { return other.name == name; });
    if (name == kAny) {
      stage.from_any = true;
    } else if (name == stage.name) {
      faults.add(*item, "the stage " + quoted(name) + " cannot be reached from itself");
    } else if (!known) {
      faults.add(*item, "there is no stage " + quoted(name), nearest_hint(name, names));
    } else {
      stage.from.push_back(name);
    }
  }
}

bool leads_to(const std::vector<Stage>& stages, std::size_t from, std::size_t to) {
  const Stage& target = stages[to];
  if (target.from_any) return from != to;
  if (target.from.empty()) return from < to && stages[from].outcome == Outcome::none;
  return std::find(target.from.begin(), target.from.end(), stages[from].name) != target.from.end();
}

// From the first stage, where records begin.
std::vector<bool> reachable(const std::vector<Stage>& stages) {
  std::vector<bool> reached(stages.size(), false);
  std::vector<std::size_t> open = {0};
  reached[0] = true;
  while (!open.empty()) {
    const std::size_t from = open.back();
    open.pop_back();
    for (std::size_t to = 0; to < stages.size(); ++to) {
      if (reached[to] || !leads_to(stages, from, to)) continue;
      reached[to] = true;
      open.push_back(to);
    }
  }
  return reached;
}

void read_kind_stages(const Node& node, const Entity& kind, Reading& reading) {
  Faults& faults = reading.faults;
  const std::size_t faults_before = faults.count();
  const KindView view = reading.process.view(kind.kind);
  std::vector<Stage>& stages = reading.process.stages[static_cast<std::size_t>(kind.kind)];
  std::span<const Node> items = items_of(node, "the list of stages", faults);
  if (items.size() > kMaxStages) {
    faults.add(items[kMaxStages], "more than " + std::to_string(kMaxStages) + " stages");
    items = items.first(kMaxStages);
  }
  for (const Node& item : items) stages.push_back(read_stage(item, view, stages, reading));
  const std::vector<std::string> names = reading.process.stage_names(kind.kind);
  for (std::size_t i = 0; i < stages.size(); ++i) {
    const Node* from = items[i].find("from");
    if (from != nullptr) read_from(*from, stages, names, stages[i], faults);
  }
  if (stages.empty() || faults.count() > faults_before) return;
  const std::vector<bool> reached = reachable(stages);
  for (std::size_t i = 0; i < stages.size(); ++i) {
    if (reached[i]) continue;
    faults.add(*items[i].find("name"), "the stage " + quoted(stages[i].name) + " can never be reached",
               "name a stage in its 'from' that can be, or leave 'from' out");
  }
}

}  // namespace

void read_stages(const Node& node, Reading& reading) {
  for (const auto& [kind_name, stages] : entries_of(node, "'stages'", reading.faults)) {
    const Entity* kind = read_kind(kind_name, reading);
    if (kind == nullptr) continue;
    if (kind->has_stages) {
      read_kind_stages(stages, *kind, reading);
    } else {
      reading.faults.add(kind_name, "a " + std::string(kind->name) + " has no stages");
    }
  }
}

}  // namespace crm
