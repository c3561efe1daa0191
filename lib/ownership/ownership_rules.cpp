#include "ownership/ownership_rules.h"

#include "ownership/assignment_table.h"
#include "ownership/claims.h"
#include "ownership/ownership_log.h"
#include "records/session_state.h"

namespace crm {
namespace {

void assign_new(Session& session, StoredRecord& record) {
  const Kind kind = record.id.kind;
  if (session.state().process().assignments[slot(kind)].empty()) return;
  const KindView& view = session.view(kind);
  Value& owner = record[view.position("owner")];
  if (!is_null(owner)) return;
  const AssignmentDecision decision = decide_assignment(session, record, RecordValues::Derived::coming);
  carry_out(session, record.id, decision);
  if (!decision.user()) return;
  owner = *decision.user();
  const std::size_t assigned_at = view.position("assigned_at");
  if (assigned_at != KindView::npos) record[assigned_at] = now_seconds(session);
}

void note_owners(Session& session, const RecordChange& change) {
  const RecordId record = change.after.id;
  if (change.before == nullptr || !session.state().process().pools[slot(record.kind)]) return;
  const std::size_t owner = session.view(record.kind).position("owner");
  const auto former = change.before->integer(owner);
  if (former && change.after.integer(owner) != former)
    log_ownership(session, {record, former, ownership_how::kLeft});
  if (is_claim(session, change))
    log_ownership(session, {record, change.after.integer(owner), ownership_how::kClaim});
}

}  // namespace

void OwnershipRules::before(Session& session, RecordChange& change) {
  if (change.action == Action::add && session.state().sets_off_rules(change.origin))
    assign_new(session, change.after);
  if (is_claim(session, change)) check_claim(session, change.after.id, *rights(session).user);
}

void OwnershipRules::after(Session& session, const RecordChange& change) {
  // An undo is heard of only now.
  if (change.origin == Origin::undo && is_claim(session, change))
    check_claim(session, change.after.id, *rights(session).user);
  note_owners(session, change);
}

}  // namespace crm
