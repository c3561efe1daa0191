#include <charconv>
#include <optional>
#include <string>

#include "base/text.h"
#include "workflow/map_reader.h"
#include "workflow/sections.h"

namespace crm {
namespace {

bool check_compared(const Node& name, const Entity& kind, Reading& reading) {
  if (!check_field(name, kind, reading)) return false;
  const KindView view = reading.process.view(kind.kind);
  const Field& field = *view.find(name.text);
  if (field.is_stored() && field.type != FieldType::record) return true;
  reading.faults.add(name, quoted(name.text) + " cannot be compared: it has no value of its own",
                     "name a field that is stored");
  return false;
}

void read_same(const Node& node, const Entity& kind, DedupeRules& rules, Reading& reading) {
  for (const Node& item : items_of(node, "'same'", reading.faults)) {
    std::vector<std::string> fields;
    for (const Node* name : scalar_list(item, "a key of 'same'", reading.faults)) {
      if (check_compared(*name, kind, reading)) fields.push_back(name->text);
    }
    if (!fields.empty()) rules.same.push_back(std::move(fields));
  }
}

// Over 0, up to 1.
std::optional<double> share_of(const Node& value) {
  double share = 0;
  const std::string& text = value.text;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), share);
  const bool fits = value.kind == Node::Kind::scalar && error == std::errc() &&
                    end == text.data() + text.size() && share > 0 && share <= 1;
  return fits ? std::optional(share) : std::nullopt;
}

void read_similar(const Node& node, const Entity& kind, DedupeRules& rules, Reading& reading) {
  for (const auto& [name, value] : entries_of(node, "'similar'", reading.faults)) {
    const std::optional<double> threshold = share_of(value);
    if (!threshold) {
      reading.faults.add(
          value, "how alike two values of " + quoted(name.text) + " must be is a number over 0, up to 1",
          "write 0.90");
    }
    if (check_compared(name, kind, reading)) rules.similar.push_back({name.text, threshold.value_or(1)});
  }
}

}  // namespace

void read_dedupe(const Node& node, Reading& reading) {
  for (const auto& [name, value] : entries_of(node, "'dedupe'", reading.faults)) {
    const Entity* kind = read_kind(name, reading);
    if (kind == nullptr) continue;
    DedupeRules rules;
    const MapReader map(value, workflow_keys::kDedupe, "'dedupe'", reading.faults);
    if (const Node* same = map.find("same")) read_same(*same, *kind, rules, reading);
    if (const Node* similar = map.find("similar")) read_similar(*similar, *kind, rules, reading);
    if (const Node* threshold = map.find("threshold")) {
      rules.threshold = share_of(*threshold);
      if (!rules.threshold)
        reading.faults.add(*threshold, "'threshold' is a score over 0, up to 1", "write 0.6");
    }
    reading.process.dedupe[slot(kind->kind)] = std::move(rules);
  }
}

}  // namespace crm
