#include <string>

#include "base/text.h"
#include "crm/time.h"
#include "workflow/map_reader.h"
#include "workflow/sections.h"
#include "workflow/table_rows.h"

namespace crm {
namespace {

constexpr int kMostHeld = 1000000;
constexpr int kMostDays = 3660;

// "30d" or "4w" as days; nothing where the file has none, or another text, which is reported.
std::optional<int> read_days(const MapReader& map, std::string_view key, Faults& faults) {
  const auto text = map.text(key);
  if (!text) return std::nullopt;
  const auto length = parse_duration(*text);
  const auto days = length ? std::chrono::floor<std::chrono::days>(*length) : std::chrono::days(0);
  if (length && days == *length && days.count() > 0 && days.count() <= kMostDays)
    return static_cast<int>(days.count());
  faults.add(*map.find(key), quoted(*text) + " is no number of days", "write 15d or 4w, at most ten years");
  return std::nullopt;
}

void read_recycling(const Node& node, Kind kind, PoolRules& pool, Reading& reading) {
  RowConditions conditions(kind, reading);
  for (const Node& item : rows_of(node, "'recycle'", reading.faults)) {
    RecycleRow row;
    row.line = item.line;
    const MapReader map(item, workflow_keys::kRecycle, "a row of 'recycle'", reading.faults);
    row.when = conditions.read(item, map);
    map.require("after");
    row.after_days = read_days(map, "after", reading.faults).value_or(0);
    row.warn_days = read_days(map, "warn", reading.faults).value_or(0);
    if (row.after_days > 0 && row.warn_days >= row.after_days)
      reading.faults.add(
          *map.find("warn"),
          "the warning would come before the " + std::to_string(row.after_days) + " days begin",
          "give a shorter time");
    pool.recycle.push_back(std::move(row));
  }
}

PoolRules read_pool(const Node& node, const Entity& kind, const Node* templates, Reading& reading) {
  PoolRules pool;
  Faults& faults = reading.faults;
  const MapReader map(node, workflow_keys::kPool, "the pool of a " + std::string(kind.name), faults);
  pool.claims_per_day = map.integer("claims-per-day", 1, kMostHeld);
  pool.hold = map.integer("hold", 1, kMostHeld);
  pool.cooling_off_days = read_days(map, "cooling-off", faults);
  if (const Node* recycle = map.find("recycle")) {
    const KindView view = reading.process.view(kind.kind);
    if (view.find("last_followup_at") == nullptr) {
      faults.add(*recycle,
                 "a " + std::string(kind.name) + " has no follow-ups: nothing says when it goes back");
    } else {
      read_recycling(*recycle, kind.kind, pool, reading);
    }
  }
  if (const auto name = map.text("template")) {
    pool.warn_template = *name;
    if (templates == nullptr || templates->find(*name) == nullptr) {
      std::vector<std::string> known;
      for (const MessageTemplate& one : reading.process.templates) known.push_back(one.name);
      faults.add(*map.find("template"), "unknown template " + quoted(*name),
                 known.empty() ? "write it under 'templates'" : nearest_hint(*name, known));
    } else {
      check_digest(*templates->find(*name), kind.kind, reading);
    }
  }
  return pool;
}

}  // namespace

void read_pools(const Node& node, const Node* templates, Reading& reading) {
  for (const auto& [name, value] : entries_of(node, "'pool'", reading.faults)) {
    const Entity* kind = read_kind(name, reading);
    if (kind == nullptr || !check_owned(name, *kind, "it has no pool", reading)) continue;
    reading.process.pools[slot(kind->kind)] = read_pool(value, *kind, templates, reading);
  }
}

}  // namespace crm
