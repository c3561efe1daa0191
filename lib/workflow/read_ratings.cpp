// Tables that rate records: `score` and `level`.
#include <algorithm>
#include <map>
#include <string>

#include "base/text.h"
#include "workflow/map_reader.h"
#include "workflow/sections.h"
#include "workflow/table_rows.h"

namespace crm {
namespace {

constexpr int kMostPoints = 1000000;

// The field that a table sets; reported where the kind has none of that name and type.
const Field* rated_field(const Node& kind_name, const KindView& view, std::string_view name, bool number,
                         Reading& reading) {
  const Field* field = view.find(name);
  const bool fits = field != nullptr && !field->is_derived() &&
                    (number ? field->type == FieldType::integer
                            : field->type == FieldType::text || field->type == FieldType::choice);
  if (fits) return field;
  if (reading.is_in_doubt(view.kind(), name)) return nullptr;
  reading.faults.add(
      kind_name,
      "a " + std::string(view.entity().name) + " has no field " + quoted(name) + " to hold its " +
          std::string(name),
      "add one to 'fields': " + std::string(name) + ": {type: " + (number ? "integer" : "text") + "}");
  return nullptr;
}

void read_score_row(const Node& node, Kind kind, std::map<std::string, int>& seen, Reading& reading) {
  ScoreRow row;
  row.line = node.line;
  const MapReader map(node, workflow_keys::kScoreRow, "a row of 'score'", reading.faults);
  if (const auto when = map.text("when")) {
    row.when = *when;
    check_condition(*map.find("when"), kind, ExpressionUse::schedule, reading);
  }
  map.require("points");
  row.points = map.integer("points", -kMostPoints, kMostPoints).value_or(0);
  const auto [earlier, is_new] = seen.emplace(row.when, row.line);
  if (!is_new) {
    reading.faults.add(
        node,
        "this row has the condition of the one in line " + std::to_string(earlier->second) + ": both count",
        "put their points together");
  }
  reading.process.scores[slot(kind)].push_back(std::move(row));
}

void check_level(const Node& level, const Field& field, Faults& faults) {
  if (field.type != FieldType::choice) return;
  std::vector<std::string> names;
  for (const Choice& choice : field.choices) names.emplace_back(choice.name);
  if (std::find(names.begin(), names.end(), level.text) != names.end()) return;
  faults.add(level, quoted(level.text) + " is none of the choices of 'level'",
             nearest_hint(level.text, names));
}

void read_level_row(const Node& node, const KindView& view, const Field* field, RowConditions& conditions,
                    Reading& reading) {
  LevelRow row;
  row.line = node.line;
  const MapReader map(node, workflow_keys::kLevelRow, "a row of 'level'", reading.faults);
  row.when = conditions.read(node, map);
  if (const auto level = map.required_text("level")) {
    row.level = *level;
    if (field != nullptr) check_level(*map.find("level"), *field, reading.faults);
  }
  row.reason = map.text("reason").value_or("");
  reading.process.levels[slot(view.kind())].push_back(std::move(row));
}

}  // namespace

void read_scores(const Node& node, Reading& reading) {
  for (const auto& [name, rows] : entries_of(node, "'score'", reading.faults)) {
    const Entity* kind = read_kind(name, reading);
    if (kind == nullptr) continue;
    rated_field(name, reading.process.view(kind->kind), "score", true, reading);
    std::map<std::string, int> seen;
    for (const Node& row : rows_of(rows, "the scores of a " + std::string(kind->name), reading.faults)) {
      read_score_row(row, kind->kind, seen, reading);
    }
  }
}

void read_levels(const Node& node, Reading& reading) {
  for (const auto& [name, rows] : entries_of(node, "'level'", reading.faults)) {
    const Entity* kind = read_kind(name, reading);
    if (kind == nullptr) continue;
    const KindView view = reading.process.view(kind->kind);
    const Field* field = rated_field(name, view, "level", false, reading);
    RowConditions conditions(kind->kind, reading);
    for (const Node& row : rows_of(rows, "the levels of a " + std::string(kind->name), reading.faults)) {
      read_level_row(row, view, field, conditions, reading);
    }
  }
}

}  // namespace crm
