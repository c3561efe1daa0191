#include <algorithm>
#include <string>

#include "base/text.h"
#include "workflow/map_reader.h"
#include "workflow/sections.h"
#include "workflow/table_rows.h"

namespace crm {
namespace {

constexpr std::string_view kToPool = "pool";
constexpr std::string_view kTeam = "team/";
constexpr int kMostRecords = 1000000;
constexpr std::size_t kMostNames = 500;  // of users and teams in a row

AssignmentMethod method_of(std::string_view word) {
  if (word == "least-open") return AssignmentMethod::least_open;
  if (word == "weighted") return AssignmentMethod::weighted;
  if (word == "first") return AssignmentMethod::first;
  return AssignmentMethod::round_robin;
}

void read_people(const Node& node, AssignmentRow& row, Faults& faults) {
  for (const Node* item : scalar_list(node, "'to'", faults)) {
    const std::string& name = item->text;
    const bool twice = std::find(row.to.begin(), row.to.end(), name) != row.to.end();
    if (name == kToPool) {
      if (node.kind == Node::Kind::list && node.items.size() > 1)
        faults.add(*item, "'pool' stands alone: nobody gets what is in it", "leave out it or the others");
    } else if (name == kTeam) {
      faults.add(*item, "'team/' names no team", "write team/NAME");
    } else if (twice) {
      faults.add(*item, quoted(name) + " occurs twice",
                 "for a larger share, use 'by: weighted' and 'weights'");
    } else if (row.to.size() == kMostNames) {
      faults.add(*item, "more than " + std::to_string(kMostNames) + " names", "make a team of them");
      return;
    } else {
      row.to.push_back(name);
    }
  }
}

void read_weights(const MapReader& map, AssignmentRow& row, Faults& faults) {
  const Node* node = map.find("weights");
  if (node == nullptr) {
    row.weights.assign(row.to.size(), 1);
    return;
  }
  row.weights.assign(row.to.size(), 0);
  for (const auto& [name, value] : entries_of(*node, "'weights'", faults)) {
    const auto found = std::find(row.to.begin(), row.to.end(), name.text);
    const auto weight = whole_number(value, quoted(name.text), 1, 1000, faults);
    if (found == row.to.end()) {
      faults.add(name, quoted(name.text) + " is not in 'to'", nearest_hint(name.text, row.to));
    } else if (weight) {
      row.weights[static_cast<std::size_t>(found - row.to.begin())] = *weight;
    }
  }
  for (std::size_t i = 0; i < row.to.size(); ++i) {
    if (row.weights[i] == 0 && node->find(row.to[i]) == nullptr)
      faults.add(*node, quoted(row.to[i]) + " has no weight", "give each of 'to' one");
  }
}

void read_same(const Node& node, const Entity& kind, AssignmentRow& row, Reading& reading) {
  for (const Node* item : scalar_list(node, "'same'", reading.faults)) {
    const bool known = check_field(*item, kind, reading);
    if (check_field(*item, entity(Kind::user), reading) && known) row.same.push_back(item->text);
  }
}

// What says how one of several people is chosen means nothing for the pool.
void check_pool_row(const MapReader& map, Faults& faults) {
  for (const std::string_view key : {"by", "weights", "cap", "per-day", "same", "else"}) {
    if (const Node* node = map.find(key))
      faults.add(*node, quoted(key) + " means nothing for the pool", "leave it out");
  }
}

AssignmentRow read_row(const Node& node, const Entity& kind, RowConditions& conditions, Reading& reading) {
  Faults& faults = reading.faults;
  AssignmentRow row;
  row.line = node.line;
  const MapReader map(node, workflow_keys::kAssignment, "a row of 'assign'", faults);
  const Node* to = map.require("to");
  if (to != nullptr) read_people(*to, row, faults);
  row.by = method_of(map.word("by", workflow_keys::kMethods).value_or(""));
  row.cap = map.integer("cap", 1, kMostRecords);
  row.per_day = map.integer("per-day", 1, kMostRecords);
  row.else_next = map.word("else", workflow_keys::kElse) == std::optional<std::string>("next");
  if (row.by == AssignmentMethod::weighted) {
    read_weights(map, row, faults);
  } else if (const Node* weights = map.find("weights")) {
    faults.add(*weights, "'weights' are only of 'by: weighted'");
  }
  if (const Node* same = map.find("same")) read_same(*same, kind, row, reading);
  if (row.to.empty() && to != nullptr && to->text == kToPool) check_pool_row(map, faults);
  row.when = conditions.read(node, map, !row.else_next);
  return row;
}

}  // namespace

void read_assignments(const Node& node, Reading& reading) {
  for (const auto& [name, rows] : entries_of(node, "'assign'", reading.faults)) {
    const Entity* kind = read_kind(name, reading);
    if (kind == nullptr || !check_owned(name, *kind, "it cannot be assigned", reading)) continue;
    RowConditions conditions(kind->kind, reading);
    for (const Node& row : rows_of(rows, "the table of a " + std::string(kind->name), reading.faults)) {
      reading.process.assignments[slot(kind->kind)].push_back(read_row(row, *kind, conditions, reading));
    }
  }
}

}  // namespace crm
