#include "followups/followup_rules.h"

#include "crm/error.h"
#include "entity/descriptors.h"
#include "followups/followup_fields.h"
#include "process/process.h"
#include "records/record_people.h"
#include "records/write_record.h"

namespace crm {
namespace {

using namespace followup_fields;

bool in_outcome(Session& session, const StoredRecord& record) {
  const std::size_t position = session.view(record.id.kind).position("stage");
  if (position == KindView::npos) return false;
  const Stage* stage = session.state().process().find_stage(record.id.kind, record.text(position));
  return stage != nullptr && stage->outcome != Outcome::none;
}

std::vector<RecordId> open_plans(Session& session, RecordId about, std::int64_t most,
                                 std::int64_t made_by = std::numeric_limits<std::int64_t>::max()) {
  std::vector<RecordId> plans;
  const Param params[] = {static_cast<std::int64_t>(about.kind), about.id, most, made_by};
  session.state().connection->each(
      "SELECT id FROM followup WHERE about_kind = $1 AND about_id = $2 AND at IS NULL AND due_at IS NOT NULL "
      "AND done_at IS NULL AND deleted_at IS NULL AND created_at <= $4 "
      "ORDER BY due_at, id LIMIT $3",
      params, [&](const Row& row) {
        plans.push_back({Kind::followup, row.integer(0)});
      });
  return plans;
}

void cancel_plans(Session& session, RecordId about, Origin origin) {
  for (const RecordId& id : open_plans(session, about, -1)) {
    const StoredRecord before = load_record(session, id);
    StoredRecord after = before;
    after[kDoneAt] = now_seconds(session);
    after[kOutcome] = std::string("cancelled");
    update_record(session, before, after, Action::edit, origin);
  }
}

bool is_open_plan(const StoredRecord& followup) {
  return !followup.deleted_at && is_null(followup[kAt]) && !is_null(followup[kDueAt]) &&
         is_null(followup[kDoneAt]);
}

bool differs_at(const RecordChange& change, std::size_t field) {
  return change.before == nullptr || (*change.before)[field] != change.after[field];
}

// What an import brings is taken as it stands.
void check_happened(Session& session, const RecordChange& change) {
  const auto at = change.after.integer(kAt);
  if (!at || *at <= now_seconds(session) || !differs_at(change, kAt)) return;
  throw Error(ErrorCode::invalid, "a talk cannot have happened in the future",
              "plan it with 'crm followup plan'")
      .about_field("at");
}

// A new plan belongs to whoever has the record that it is about, also to one who has left, whose manager
// hears of it; any other owner must be active.
void complete_plan_owner(Session& session, RecordChange& change, RecordId about) {
  if (!differs_at(change, kOwner)) return;
  StoredRecord& plan = change.after;
  const auto subject = find_record(session, about);
  const std::size_t position = session.view(about.kind).position("owner");
  const auto of_record = subject && position != KindView::npos ? subject->integer(position) : std::nullopt;
  const auto owner = plan.integer(kOwner);
  if (owner && owner != of_record) check_active(session, *owner);
  if (!owner && of_record && change.before == nullptr) plan[kOwner] = *of_record;
}

// However a plan comes to be one, or to be about another record.
void check_plan(Session& session, RecordChange& change) {
  const StoredRecord& plan = change.after;
  if (!is_open_plan(plan)) return;
  const auto about = parse_record_id(plan.text(kAbout));
  if (!about) return;
  const bool is_new = change.before == nullptr || !is_open_plan(*change.before);
  if ((is_new || differs_at(change, kAbout)) && is_closed(session, *about)) throw closed_to_plans(*about);
  complete_plan_owner(session, change, *about);
}

}  // namespace

void FollowupRules::before(Session& session, RecordChange& change) {
  if (change.after.id.kind != Kind::followup || change.origin == Origin::undo) return;
  StoredRecord& followup = change.after;
  if (is_null(followup[kAt]) && is_null(followup[kDueAt])) {
    throw Error(ErrorCode::invalid, "a follow-up needs a moment",
                change.origin == Origin::imported
                    ? "say with --map which column is 'at', of a talk that happened, or 'due_at', of a plan"
                    : "give --at for a talk that happened, or --due-at for a plan")
        .about_field("at");
  }
  if (change.origin == Origin::command) {
    check_happened(session, change);
    check_plan(session, change);
  }
  // When an imported talk was entered is not known unless the file says so: it is then not measurable.
  if (change.origin == Origin::command && !is_null(followup[kAt]) && is_null(followup[kLoggedAt]))
    followup[kLoggedAt] = now_seconds(session);
}

void FollowupRules::after(Session& session, const RecordChange& change) {
  const StoredRecord& record = change.after;
  if (record.id.kind == Kind::followup || change.before == nullptr || change.origin == Origin::undo ||
      change.origin == Origin::renaming)
    return;
  if (!in_outcome(session, *change.before) && in_outcome(session, record))
    cancel_plans(session, record.id, change.origin);
}

bool is_closed(Session& session, RecordId id) {
  const auto record = find_record(session, id);
  return record && in_outcome(session, *record);
}

Error closed_to_plans(RecordId record) {
  return Error(ErrorCode::invalid, to_string(record) + " is closed: there is nothing to plan",
               "open it again with 'crm " + std::string(entity(record.kind).name) + " advance " +
                   std::to_string(record.id) + " --to STAGE', or plan about its customer")
      .about_record(to_string(record));
}

std::optional<RecordId> oldest_open_plan(Session& session, RecordId about, std::int64_t made_by) {
  const std::vector<RecordId> plans = open_plans(session, about, 1, made_by);
  return plans.empty() ? std::nullopt : std::optional(plans.front());
}

// A plan that a talk made was made when that took place.
std::optional<std::int64_t> next_planning_talk(Session& session, RecordId about, std::int64_t after) {
  const Param params[] = {static_cast<std::int64_t>(about.kind), about.id, after};
  return session.state().connection->query_integer(
      "SELECT min(t.at) FROM followup t WHERE t.about_kind = $1 AND t.about_id = $2 AND t.at > $3 AND "
      "t.deleted_at IS NULL AND EXISTS (SELECT 1 FROM followup p WHERE p.about_kind = $1 AND p.about_id = $2 "
      "AND p.at IS NULL AND p.created_at = t.at AND p.deleted_at IS NULL)",
      params);
}

void settle_plan(Session& session, RecordId plan, std::int64_t at, Origin origin) {
  const StoredRecord before = load_record(session, plan);
  StoredRecord after = before;
  after[kDoneAt] = at;
  update_record(session, before, after, Action::edit, origin);
}

std::optional<std::int64_t> owner_of_subject(Session& session, RecordId about) {
  const std::size_t position = session.view(about.kind).position("owner");
  return position == KindView::npos ? std::nullopt : load_record(session, about).integer(position);
}

RecordId plan_next(Session& session, const StoredRecord& talk, std::int64_t due, Origin origin) {
  StoredRecord plan = new_record(session, Kind::followup);
  plan[kAbout] = talk[kAbout];
  plan[kType] = talk[kType];
  plan[kDueAt] = due;
  plan[kOwner] = talk[kOwner];
  if (is_null(plan[kOwner])) {
    if (const auto owner = owner_of_subject(session, *parse_record_id(talk.text(kAbout))))
      plan[kOwner] = *owner;
  }
  if (origin == Origin::imported) plan[field<Kind::followup>("created_at")] = talk[kAt];
  insert_record(session, plan, origin);
  return plan.id;
}

}  // namespace crm
