#include "exchange/preset.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "base/embedded.h"
#include "base/text.h"
#include "crm/error.h"
#include "entity/heading.h"
#include "exchange/byte_source.h"
#include "modules/yaml.h"
#include "workflow/faults.h"

namespace crm {
namespace {

constexpr std::string_view kFolder = "presets/";
constexpr std::string_view kExtension = ".yaml";

class PresetFile {
 public:
  PresetFile(std::string_view text, const std::string& path, std::vector<Problem>& problems)
      : text_(text), path_(path), problems_(problems), faults_(text, path, problems) {}

  Preset read(const Node& root) {
    Node mapping;
    mapping.kind = Node::Kind::map;
    bool has_kind = false;
    for (const NodeEntry& entry : root.entries) {
      const std::string& key = entry.key.text;
      if (key == "system") {
        preset_.system = entry.value.text;
      } else if (key == "about") {
        preset_.about = entry.value.text;
      } else if (key == "kind") {
        const Entity* kind = find_entity(entry.value.text);
        has_kind = kind != nullptr;
        if (has_kind) preset_.kind = kind->kind;
      } else if (key == "needs") {
        read_needs(entry.value);
      } else if (key == "create_missing") {
        for (const Node& item : entry.value.items) preset_.create_missing.push_back(item.text);
      } else if (key == "columns" || key == "values" || key == "set") {
        mapping.entries.push_back(entry);
      } else {
        faults_.add(entry.key, "unknown key " + crm::quoted(key),
                    nearest_hint(key, {"system", "about", "kind", "needs", "create_missing", "columns",
                                       "values", "set"}));
      }
    }
    if (!has_kind) faults_.add(root, "a preset names its kind", "such as kind: contact");
    if (preset_.system.empty()) faults_.add(root, "a preset names its system", "such as system: salesforce");
    if (preset_.needs.empty())
      faults_.add(root, "a preset says by which headings it is known", "such as needs: [[Id, LastName]]");
    read_mapping_tree(mapping, text_, path_, problems_, preset_.rules);
    for (MappedColumn& column : preset_.rules.columns) column.expected = false;
    for (MappedValue& value : preset_.rules.values) value.expected = false;
    return std::move(preset_);
  }

 private:
  void read_needs(const Node& node) {
    for (const Node& set : node.items) {
      auto& keys = preset_.needs.emplace_back();
      for (const Node& heading : set.items) keys.push_back(heading_key(heading.text));
      if (keys.empty()) faults_.add(set, "this must be a list of headings");
    }
  }

  std::string_view text_;
  const std::string& path_;
  std::vector<Problem>& problems_;
  Faults faults_;
  Preset preset_;
};

Preset parse_preset(std::string_view text, const std::string& path, std::string name) {
  std::vector<Problem> problems;
  Preset preset;
  const std::optional<Node> root = read_yaml(text, path, problems);
  if (root && root->kind == Node::Kind::map) {
    preset = PresetFile(text, path, problems).read(*root);
  } else if (root) {
    Faults(text, path, problems).add(*root, "a preset is a map", "it has system, kind, needs and columns");
  }
  if (!problems.empty()) {
    throw Error(ErrorCode::invalid, "the preset " + crm::quoted(path) + " has faults")
        .with_problems(std::move(problems));
  }
  preset.name = std::move(name);
  return preset;
}

// "salesforce-contact-report" is of contacts: the kind stands behind the system.
bool is_named_for(std::string_view name, Kind kind) {
  const std::size_t dash = name.find('-');
  return dash != std::string_view::npos && name.substr(dash + 1).starts_with(entity(kind).name);
}

bool is_own_export(const KindView& view, const std::vector<std::string>& headings) {
  return !headings.empty() && std::all_of(headings.begin(), headings.end(), [&](const std::string& heading) {
    return view.find(heading) != nullptr;
  });
}

std::vector<std::string> keys_of(const std::vector<std::string>& headings) {
  std::vector<std::string> keys;
  keys.reserve(headings.size());
  for (const std::string& heading : headings) keys.push_back(heading_key(heading));
  return keys;
}

std::vector<std::string> names_of(const std::vector<Preset>& presets) {
  std::vector<std::string> names;
  names.reserve(presets.size());
  for (const Preset& preset : presets) names.push_back(preset.name);
  return names;
}

}  // namespace

std::optional<std::size_t> Preset::fit(const std::vector<std::string>& keys) const {
  const auto has = [&](const std::string& key) {
    return std::find(keys.begin(), keys.end(), key) != keys.end();
  };
  const bool enough = std::any_of(needs.begin(), needs.end(), [&](const std::vector<std::string>& set) {
    return std::all_of(set.begin(), set.end(), has);
  });
  if (!enough) return std::nullopt;
  return static_cast<std::size_t>(
      std::count_if(keys.begin(), keys.end(), [&](const std::string& key) { return knows(key); }));
}

std::vector<Preset> built_in_presets(std::optional<Kind> kind) {
  std::vector<Preset> presets;
  for (const EmbeddedFile& file : embedded_files()) {
    if (!file.name.starts_with(kFolder) || !file.name.ends_with(kExtension)) continue;
    std::string name(file.name.substr(kFolder.size(), file.name.size() - kFolder.size() - kExtension.size()));
    if (kind && !is_named_for(name, *kind)) continue;
    presets.push_back(parse_preset(file.text, std::string(file.name), std::move(name)));
  }
  return presets;
}

std::string told_of_another_kind(Kind kind, const std::vector<std::string>& headings,
                                 std::string_view system) {
  const std::vector<std::string> keys = keys_of(headings);
  std::size_t most = 0;
  std::string told;
  for (const Preset& preset : built_in_presets(std::nullopt)) {
    if (preset.kind == kind || (!system.empty() && preset.system != system)) continue;
    const std::size_t known = preset.fit(keys).value_or(0);
    if (known <= most) continue;
    most = known;
    told = "the headings are those of " + crm::quoted(preset.name) + ", " + preset.about + ": 'crm import " +
           std::string(entity(preset.kind).name) + "' reads them";
  }
  return told;
}

void list_presets(RowSink& sink) {
  const Column columns[] = {{"preset", "preset"}, {"kind", "kind"}, {"system", "system"}, {"about", "about"}};
  sink.begin(columns);
  for (const Preset& preset : built_in_presets(std::nullopt)) {
    const Cell cells[] = {{CellType::text, preset.name, {}},
                          {CellType::text, entity(preset.kind).name, {}},
                          {CellType::text, preset.system, {}},
                          {CellType::text, preset.about, {}}};
    if (!sink.row(cells)) break;
  }
  sink.end();
}

Preset read_preset_file(const std::string& path) {
  return parse_preset(read_whole_file(path), path, std::filesystem::path(path).stem().string());
}

std::optional<Preset> choose_preset(const KindView& view, const std::vector<std::string>& headings,
                                    const std::string& named,
                                    const std::function<const std::vector<Preset>&()>& load) {
  std::error_code ignored;
  if (!named.empty() && std::filesystem::is_regular_file(named, ignored)) {
    Preset preset = read_preset_file(named);
    if (preset.kind == view.kind()) return preset;
    throw Error(ErrorCode::usage, "the preset " + crm::quoted(named) + " is for " +
                                      std::string(entity(preset.kind).plural.en) + ", not for " +
                                      std::string(view.entity().plural.en));
  }
  if (named.empty() && is_own_export(view, headings)) return std::nullopt;
  const std::vector<std::string> keys = keys_of(headings);
  std::vector<std::pair<std::size_t, const Preset*>> fitting;
  bool known = false;
  for (const Preset& preset : load()) {
    if (named == preset.name) return preset;
    if (!named.empty() && named != preset.system) continue;
    known = true;
    if (const auto score = preset.fit(keys)) fitting.emplace_back(*score, &preset);
  }
  if (!named.empty() && !known) {
    const auto near = nearest(named, names_of(load()));
    throw Error(ErrorCode::usage,
                "there is no preset " + crm::quoted(named) + " for " + std::string(view.entity().plural.en),
                near ? "did you mean " + crm::quoted(*near) + "?"
                     : "see 'crm import presets', or name a preset file");
  }
  std::stable_sort(fitting.begin(), fitting.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  if (fitting.size() > 1 && fitting[0].first == fitting[1].first) {
    throw Error(ErrorCode::invalid,
                "the headings fit the presets " + listed({fitting[0].second->name, fitting[1].second->name}) +
                    " equally",
                "say which with --preset");
  }
  if (!fitting.empty()) return *fitting.front().second;
  if (named.empty()) return std::nullopt;
  const std::string other = told_of_another_kind(view.kind(), headings, named);
  throw Error(
      ErrorCode::invalid,
      "the headings are not those of " + std::string(view.entity().plural.en) + " of " + crm::quoted(named),
      other.empty() ? "see 'crm import presets', or say what the columns are with --map" : other);
}

}  // namespace crm
