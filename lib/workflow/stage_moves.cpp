#include "workflow/stage_moves.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>

#include "base/text.h"
#include "entity/descriptors.h"
#include "leads/stages.h"
#include "records/write_record.h"

namespace crm {
namespace {

constexpr std::size_t kFrom = field<Kind::stage_change>("from");
constexpr std::size_t kTo = field<Kind::stage_change>("to");

// Deleted records too: they can be restored.
std::vector<RecordId> records_in(Session& session, const Entity& kind, const std::string& stage) {
  std::vector<RecordId> records;
  const Param params[] = {stage};
  session.state().connection->each(
      "SELECT id FROM \"" + std::string(kind.table) + "\" WHERE stage = $1 ORDER BY id", params,
      [&](const Row& row) {
        records.push_back({kind.kind, row.integer(0)});
      });
  return records;
}

std::vector<std::string> stages_in_use(Session& session, const Entity& kind) {
  std::vector<std::string> stages;
  session.state().connection->each(
      "SELECT DISTINCT stage FROM \"" + std::string(kind.table) + "\" ORDER BY stage", {},
      [&](const Row& row) { stages.emplace_back(row.text(0)); });
  return stages;
}

// Whether a stage change of a record of that kind begins or ends there.
bool is_in_history(Session& session, const Entity& kind, const std::string& stage) {
  const Param params[] = {static_cast<std::int64_t>(kind.kind), stage};
  return session.state().connection->exists(
      "SELECT 1 FROM stage_change WHERE record_kind = $1 AND deleted_at IS NULL AND (from_stage = $2 OR "
      "to_stage = $2)",
      params);
}

bool is_mapped(std::span<const StageMapping> mappings, const std::string& stage) {
  return std::any_of(mappings.begin(), mappings.end(),
                     [&](const StageMapping& one) { return one.from == stage; });
}

// "'contacted': lead/1, lead/2 and 40 more".
std::string describe_stranded(const std::string& stage, const std::vector<RecordId>& records) {
  constexpr std::size_t kShown = 5;
  std::string text = quoted(stage) + ": ";
  for (std::size_t i = 0; i < std::min(records.size(), kShown); ++i)
    text += (i == 0 ? "" : ", ") + to_string(records[i]);
  if (records.size() > kShown) text += " and " + std::to_string(records.size() - kShown) + " more";
  return text;
}

bool has_stage(const Process& process, const std::string& stage) {
  return std::any_of(entities().begin(), entities().end(),
                     [&](const Entity& kind) { return process.find_stage(kind.kind, stage) != nullptr; });
}

bool was_a_stage(Session& session, const Process& before, const std::string& stage,
                 const std::vector<std::string>& used) {
  return has_stage(before, stage) || std::find(used.begin(), used.end(), stage) != used.end() ||
         std::any_of(entities().begin(), entities().end(), [&](const Entity& kind) {
           return kind.has_stages && is_in_history(session, kind, stage);
         });
}

// Reports count where records have been: a stage that goes takes its history along.
void check_history(Session& session, const Process& before, const Process& after,
                   std::span<const StageMapping> mappings) {
  for (const Entity& kind : entities()) {
    for (const std::string& stage : before.stage_names(kind.kind)) {
      if (after.find_stage(kind.kind, stage) != nullptr || is_mapped(mappings, stage)) continue;
      if (!is_in_history(session, kind, stage)) continue;
      throw Error(ErrorCode::invalid,
                  std::string(kind.plural.en) + " have been in the stage " + quoted(stage) +
                      ", which the new revision does not have",
                  "say what it is called in their history: --map " + quoted(stage + "=STAGE"));
    }
  }
}

void check_mapping(Session& session, const StageMapping& mapping, const Process& before, const Process& after,
                   const std::vector<std::string>& used) {
  const std::string written = quoted(mapping.from + "=" + mapping.to);
  if (has_stage(after, mapping.from)) {
    throw Error(
        ErrorCode::invalid,
        "the mapping " + written + " is not needed: the new revision has the stage " + quoted(mapping.from),
        "leave it out");
  }
  if (!was_a_stage(session, before, mapping.from, used)) {
    throw Error(ErrorCode::invalid, "the mapping " + written + " begins at a stage that never was",
                "write --map OLD=NEW");
  }
  if (has_stage(after, mapping.to)) return;
  std::vector<std::string> known;
  for (const Entity& kind : entities()) {
    for (std::string& name : after.stage_names(kind.kind)) known.push_back(std::move(name));
  }
  const auto near = nearest(mapping.to, known);
  throw Error(
      ErrorCode::invalid,
      "the mapping " + written + " leads nowhere: the new revision has no stage " + quoted(mapping.to),
      near ? "did you mean " + quoted(*near) + "?" : "it has " + listed(known));
}

Outcome outcome_of(const Process& process, Kind kind, const std::string& stage) {
  const Stage* found = process.find_stage(kind, stage);
  return found == nullptr ? Outcome::none : found->outcome;
}

// A record that is deleted, or whose way does not begin or end with this, only gets another name for where it
// is.
void move_record(Session& session, RecordId id, const std::string& to, bool renamed) {
  const StoredRecord before = load_record(session, id, true);
  StoredRecord after = before;
  after[session.view(id.kind).position("stage")] = to;
  if (!before.deleted_at)
    check_stage_fields(session.state().process(), session.view(id.kind), after, to, Origin::command);
  const Origin origin = renamed || before.deleted_at ? Origin::renaming : Origin::command;
  update_record(session, before, after, Action::edit, origin);
}

void rename_in_history(Session& session, Kind kind, const StageMapping& mapping) {
  std::vector<RecordId> changes;
  const Param params[] = {static_cast<std::int64_t>(kind), mapping.from};
  session.state().connection->each(
      "SELECT id FROM stage_change WHERE record_kind = $1 AND (from_stage = $2 OR to_stage = $2) ORDER BY id",
      params, [&](const Row& row) {
        changes.push_back({Kind::stage_change, row.integer(0)});
      });
  for (const RecordId& id : changes) {
    const StoredRecord before = load_record(session, id, true);
    StoredRecord after = before;
    for (const std::size_t position : {kFrom, kTo}) {
      if (after.text(position) == mapping.from) after[position] = mapping.to;
    }
    update_record(session, before, after, Action::edit, Origin::renaming);
  }
}

}  // namespace

void check_mappings(Session& session, const Process& before, const Process& after,
                    std::span<const StageMapping> mappings) {
  std::string stranded;
  std::int64_t count = 0;
  std::string example;
  std::vector<std::string> used;
  for (const Entity& kind : entities()) {
    if (!kind.has_stages) continue;
    for (const std::string& stage : stages_in_use(session, kind)) {
      used.push_back(stage);
      if (after.find_stage(kind.kind, stage) != nullptr || is_mapped(mappings, stage)) continue;
      const std::vector<RecordId> records = records_in(session, kind, stage);
      stranded += (stranded.empty() ? "" : "; ") + describe_stranded(stage, records);
      count += static_cast<std::int64_t>(records.size());
      if (example.empty()) example = stage;
    }
  }
  for (const StageMapping& mapping : mappings) check_mapping(session, mapping, before, after, used);
  if (count == 0) return check_history(session, before, after, mappings);
  throw Error(ErrorCode::invalid,
              std::to_string(count) + (count == 1 ? " record is in a stage" : " records are in stages") +
                  " that the new revision does not have: " + stranded,
              "say where they go: --map " + quoted(example + "=STAGE"));
}

std::vector<RecordId> move_stages(Session& session, const Process& before,
                                  std::span<const StageMapping> mappings) {
  std::vector<RecordId> moved;
  for (const Entity& kind : entities()) {
    if (!kind.has_stages) continue;
    for (const StageMapping& mapping : mappings) {
      const Process& after = session.state().process();
      if (after.find_stage(kind.kind, mapping.to) == nullptr) continue;
      const bool renamed =
          outcome_of(before, kind.kind, mapping.from) == outcome_of(after, kind.kind, mapping.to);
      const std::vector<RecordId> records = records_in(session, kind, mapping.from);
      for (const RecordId& id : records) move_record(session, id, mapping.to, renamed);
      if (renamed) rename_in_history(session, kind.kind, mapping);
      moved.insert(moved.end(), records.begin(), records.end());
    }
  }
  return moved;
}

}  // namespace crm
