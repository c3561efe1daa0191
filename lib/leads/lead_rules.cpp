#include "leads/lead_rules.h"

#include <algorithm>

#include "crm/error.h"
#include "entity/descriptors.h"
#include "leads/lead_fields.h"
#include "leads/stages.h"
#include "records/read_value.h"
#include "records/write_record.h"

namespace crm {
namespace {

using namespace lead_fields;

// A lead that nobody named is called after its company, else by its reference in the system it came from.
Value name_of_unnamed(const StoredRecord& lead) {
  if (!is_null(lead[kCompany])) return lead[kCompany];
  if (lead.refs.empty()) return {};
  const std::string& ref = lead.refs.front();
  return ref.substr(ref.find('/') + 1);
}

void complete_new(Session& session, StoredRecord& lead, Origin origin) {
  if (is_null(lead[kName])) lead[kName] = name_of_unnamed(lead);
  const Process& process = session.state().process();
  if (is_null(lead[kStage])) {
    if (process.stages_of(Kind::lead).empty())
      throw Error(ErrorCode::invalid, "the workflow has no stages for leads",
                  "add some to the workflow file");
    lead[kStage] = process.stages_of(Kind::lead).front().name;
  }
  if (origin == Origin::imported) return;
  check_transition(process, session.view(Kind::lead), lead, {}, lead.text(kStage));
  const std::int64_t now = now_seconds(session);
  if (is_null(lead[kStageEnteredAt])) lead[kStageEnteredAt] = now;
  if (!is_null(lead[kOwner]) && is_null(lead[kAssignedAt])) lead[kAssignedAt] = now;
  if (is_null(lead[kClosedAt]) && has_outcome(process, Kind::lead, lead.text(kStage))) lead[kClosedAt] = now;
}

void follow_changes(Session& session, const StoredRecord& before, StoredRecord& after, Origin origin) {
  const std::int64_t now = now_seconds(session);
  if (before[kOwner] != after[kOwner] && before[kAssignedAt] == after[kAssignedAt]) {
    after[kAssignedAt] = is_null(after[kOwner]) ? Value() : Value(now);
  }
  if (before[kStage] == after[kStage]) return;
  const Process& process = session.state().process();
  if (origin == Origin::command)
    check_transition(process, session.view(Kind::lead), after, before.text(kStage), after.text(kStage));
  if (before[kStageEnteredAt] == after[kStageEnteredAt]) after[kStageEnteredAt] = now;
  const bool closed = has_outcome(process, Kind::lead, after.text(kStage));
  if (before[kClosedAt] == after[kClosedAt]) after[kClosedAt] = closed ? Value(now) : Value();
  // Why a lead was lost says nothing of one that is open again, or was won after all; its history keeps it.
  const Stage* stage = process.find_stage(Kind::lead, after.text(kStage));
  const bool lost = stage != nullptr && stage->outcome == Outcome::lost;
  if (!lost && before[kLostReason] == after[kLostReason] &&
      has_outcome(process, Kind::lead, before.text(kStage)))
    after[kLostReason] = {};
}

void write_stage_change(Session& session, const StoredRecord* before, const StoredRecord& lead) {
  StoredRecord change = new_record(session, Kind::stage_change);
  change[field<Kind::stage_change>("record")] = to_string(lead.id);
  change[field<Kind::stage_change>("from")] = before != nullptr ? before->values[kStage] : Value();
  change[field<Kind::stage_change>("to")] = lead[kStage];
  change[field<Kind::stage_change>("at")] = before != nullptr ? lead[kStageEnteredAt] : lead[kCreatedAt];
  if (const auto user = find_own_user(session)) change[field<Kind::stage_change>("by")] = *user;
  insert_record(session, change, Origin::command);
}

struct Move {
  std::int64_t number = 0;
  std::int64_t at = 0;
  std::string from;
  std::string to;
};

// Of two moves at the same moment: the one that begins where the other ended comes later, else the one to the
// stage that is later in the workflow.
bool goes_before(const Process& process, Kind kind, const Move& one, const Move& other) {
  const bool follows = one.from == other.to, leads = other.from == one.to;
  if (follows != leads) return leads;
  return process.stage_position(kind, one.to) < process.stage_position(kind, other.to);
}

}  // namespace

void LeadRules::before(Session& session, RecordChange& change) {
  if (change.after.id.kind != Kind::lead) return;
  StoredRecord& lead = change.after;
  if (!is_null(lead[kAmount]) && is_null(lead[kCurrency])) lead[kCurrency] = session.currency();
  if (change.before == nullptr) {
    complete_new(session, lead, change.origin);
  } else {
    follow_changes(session, *change.before, lead, change.origin);
  }
}

void LeadRules::after(Session& session, const RecordChange& change) {
  if (change.after.id.kind != Kind::lead || change.origin != Origin::command) return;
  const bool moved = change.before == nullptr || change.before->values[kStage] != change.after[kStage];
  if (moved) write_stage_change(session, change.before, change.after);
}

bool has_stage_fields(Session& session, Kind kind) {
  const auto& stages = session.state().process().stages_of(kind);
  return std::any_of(stages.begin(), stages.end(),
                     [](const Stage& stage) { return !stage.required_fields.empty(); });
}

void check_row_stage(Session& session, const StoredRecord* before, const StoredRecord& lead) {
  if (before != nullptr && (*before)[kStage] == lead[kStage]) return;
  check_stage_fields(session.state().process(), session.view(Kind::lead), lead, lead.text(kStage),
                     Origin::imported);
}

bool settle_stage(Session& session, RecordId id, std::int64_t first) {
  if (id.kind != Kind::lead) return false;
  const auto before = find_record(session, id);
  if (!before) return false;
  const Process& process = session.state().process();
  std::optional<Move> latest;
  const Param params[] = {static_cast<std::int64_t>(id.kind), id.id};
  session.state().connection->each(
      "SELECT id, at, from_stage, to_stage FROM stage_change WHERE record_kind = $1 AND record_id = $2 AND "
      "deleted_at IS NULL ORDER BY at, id",
      params, [&](const Row& row) {
        Move move{row.integer(0), row.integer(1), std::string(row.text(2)), std::string(row.text(3))};
        if (!latest || move.at != latest->at || !goes_before(process, id.kind, move, *latest))
          latest = std::move(move);
      });
  if (!latest || latest->number < first) return false;
  const auto entered_at = before->integer(kStageEnteredAt);
  if (entered_at && *entered_at > latest->at && before->text(kStage) != latest->to) return false;
  // What a record's row says of its end stands until a later change.
  const auto closed_at = before->integer(kClosedAt);
  const bool ended_later =
      closed_at && *closed_at > latest->at && has_outcome(process, id.kind, before->text(kStage));
  if (ended_later && before->text(kStage) != latest->to) return false;
  StoredRecord after = *before;
  after[kStage] = latest->to;
  after[kStageEnteredAt] = latest->at;
  if (!ended_later)
    after[kClosedAt] = has_outcome(process, id.kind, latest->to) ? Value(latest->at) : Value();
  return update_record(session, *before, after, Action::edit, Origin::imported);
}

}  // namespace crm
