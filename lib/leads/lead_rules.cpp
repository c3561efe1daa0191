#include "leads/lead_rules.h"

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
  if (before[kClosedAt] == after[kClosedAt])
    after[kClosedAt] = has_outcome(process, Kind::lead, after.text(kStage)) ? Value(now) : Value();
}

void write_stage_change(Session& session, const StoredRecord* before, const StoredRecord& lead) {
  StoredRecord change = new_record(session, Kind::stage_change);
  change[field<Kind::stage_change>("record")] = to_string(lead.id);
  change[field<Kind::stage_change>("from")] = before != nullptr ? before->values[kStage] : Value();
  change[field<Kind::stage_change>("to")] = lead[kStage];
  change[field<Kind::stage_change>("at")] = before != nullptr ? lead[kStageEnteredAt] : lead[kCreatedAt];
  if (const auto user = find_user(session, session.login())) change[field<Kind::stage_change>("by")] = *user;
  insert_record(session, change, Origin::command);
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

bool settle_stage(Session& session, RecordId id) {
  if (id.kind != Kind::lead) return false;
  const auto before = find_record(session, id);
  if (!before) return false;
  const Process& process = session.state().process();
  std::string latest;
  std::int64_t latest_at = 0;
  const Param params[] = {static_cast<std::int64_t>(id.kind), id.id};
  session.state().connection->each(
      "SELECT at, to_stage FROM stage_change WHERE record_kind = $1 AND record_id = $2 AND deleted_at IS "
      "NULL ORDER BY at",
      params, [&](const Row& row) {
        const std::string stage(row.text(1));
        const std::int64_t at = row.integer(0);
        if (!latest.empty() && at == latest_at &&
            process.stage_position(id.kind, stage) < process.stage_position(id.kind, latest))
          return;
        latest = stage;
        latest_at = at;
      });
  if (latest.empty()) return false;
  StoredRecord after = *before;
  after[kStage] = latest;
  after[kStageEnteredAt] = latest_at;
  after[kClosedAt] = has_outcome(process, id.kind, latest) ? Value(latest_at) : Value();
  return update_record(session, *before, after, Action::edit, Origin::imported);
}

}  // namespace crm
