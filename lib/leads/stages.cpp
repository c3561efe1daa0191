#include "leads/stages.h"

#include <algorithm>

#include "base/text.h"
#include "crm/error.h"
#include "records/validate.h"

namespace crm {
namespace {

bool may_move(const Process& process, Kind kind, const std::string& from, const Stage& to) {
  if (to.from_any) return true;
  if (!to.from.empty()) return std::find(to.from.begin(), to.from.end(), from) != to.from.end();
  return !has_outcome(process, kind, from) &&
         process.stage_position(kind, from) < process.stage_position(kind, to.name);
}

}  // namespace

std::vector<std::string> stages_after(const Process& process, Kind kind, const std::string& from) {
  std::vector<std::string> open;
  for (const Stage& stage : process.stages_of(kind)) {
    if (stage.name != from && may_move(process, kind, from, stage)) open.push_back(stage.name);
  }
  return open;
}

bool has_outcome(const Process& process, Kind kind, const std::string& stage) {
  const Stage* found = process.find_stage(kind, stage);
  return found != nullptr && found->outcome != Outcome::none;
}

void check_transition(const Process& process, const KindView& view, const StoredRecord& record,
                      const std::string& from, const std::string& to) {
  const Kind kind = record.id.kind;
  const Stage* stage = process.find_stage(kind, to);
  if (stage == nullptr) return;  // the reader of the value has refused it
  const std::string name =
      record.id.id == 0 ? "a new " + std::string(entity(kind).label.en) : to_string(record.id);
  if (!from.empty() && process.find_stage(kind, from) != nullptr && !may_move(process, kind, from, *stage)) {
    const std::vector<std::string> open = stages_after(process, kind, from);
    throw Error(ErrorCode::invalid, name + " cannot go from " + quoted(from) + " to " + quoted(to),
                open.empty() ? "the workflow lets nothing leave " + quoted(from) +
                                   "; a stage of its file that is to be reached from there says so in 'from'"
                             : "from there it can go to " + listed(open))
        .about_field("stage")
        .about_record(to_string(record.id));
  }
  check_stage_fields(process, view, record, to, Origin::command);
}

void check_stage_fields(const Process& process, const KindView& view, const StoredRecord& record,
                        const std::string& to, Origin origin) {
  const Stage* stage = process.find_stage(record.id.kind, to);
  if (stage == nullptr) return;
  std::vector<std::string> missing;
  for (const std::string& field : stage->required_fields) {
    const std::size_t position = view.position(field);
    if (position != KindView::npos && is_null(record[position])) missing.push_back(field);
  }
  if (missing.empty()) return;
  const std::string label(entity(record.id.kind).label.en);
  const std::string name = origin == Origin::imported ? "a " + label
                           : record.id.id == 0        ? "a new " + label
                                                      : to_string(record.id);
  throw Error(ErrorCode::invalid, name + " cannot go to " + quoted(to) + " without " + listed(missing),
              how_to_give(missing.front(), origin))
      .about_field(missing.front())
      .about_record(to_string(record.id));
}

const Stage& stage_with_outcome(const Process& process, Kind kind, Outcome outcome) {
  for (const Stage& stage : process.stages_of(kind)) {
    if (stage.outcome == outcome) return stage;
  }
  throw Error(ErrorCode::invalid,
              std::string("the workflow has no ") + (outcome == Outcome::won ? "won" : "lost") + " stage",
              "add one with 'outcome: " + std::string(outcome == Outcome::won ? "won" : "lost") + "'");
}

}  // namespace crm
