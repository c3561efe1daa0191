#include "ownership/ownership_rules.h"

#include "ownership/assignment_table.h"
#include "ownership/ownership_log.h"
#include "records/session_state.h"

namespace crm {

void OwnershipRules::before(Session& session, RecordChange& change) {
  if (change.action != Action::add || !session.state().sets_off_rules(change.origin)) return;
  const Kind kind = change.after.id.kind;
  if (session.state().process().assignments[slot(kind)].empty()) return;
  const KindView& view = session.view(kind);
  Value& owner = change.after[view.position("owner")];
  if (!is_null(owner)) return;
  const AssignmentDecision decision = decide_assignment(session, change.after, RecordValues::Derived::coming);
  carry_out(session, change.after.id, decision);
  if (!decision.user()) return;
  owner = *decision.user();
  const std::size_t assigned_at = view.position("assigned_at");
  if (assigned_at != KindView::npos) change.after[assigned_at] = now_seconds(session);
}

void OwnershipRules::after(Session& session, const RecordChange& change) {
  const Kind kind = change.after.id.kind;
  if (change.before == nullptr || !session.state().process().pools[slot(kind)]) return;
  const std::size_t owner = session.view(kind).position("owner");
  const auto former = change.before->integer(owner);
  if (former && change.after.integer(owner) != former)
    log_ownership(session, {change.after.id, former, ownership_how::kLeft});
}

}  // namespace crm
