#include "engine/approval_people.h"

#include "base/add_once.h"
#include "records/session_state.h"
#include "reminders/people.h"

namespace crm {

std::vector<std::int64_t> users_meant(Session& session, const std::string& approver, std::int64_t asked_by) {
  constexpr std::string_view kRole = "role/";
  std::vector<std::int64_t> users;
  if (approver.starts_with(kRole)) {
    const std::string role = approver.substr(kRole.size());
    const Param params[] = {role};
    session.state().connection->each(
        "SELECT id FROM user WHERE role = $1 AND active = 1 AND deleted_at IS NULL ORDER BY id", params,
        [&](const Row& row) { users.push_back(row.integer(0)); });
    return users;
  }
  const People people(session);
  const Person* asking = people.find(asked_by);
  const Person* meant = asking == nullptr ? nullptr : people.recipient(approver, *asking);
  if (meant != nullptr) users.push_back(meant->id);
  return users;
}

std::vector<std::int64_t> holders_of(Session& session, const ApprovalRequest& request, const Seat& seat) {
  return seat.user ? std::vector{*seat.user} : users_meant(session, seat.approver, request.asked_by);
}

std::vector<std::int64_t> users_after_deadline(Session& session, const ApprovalRequest& request,
                                               const ApprovalRule& rule, const Seat& seat) {
  std::vector<std::int64_t> holders = holders_of(session, request, seat);
  if (holders.empty()) holders.push_back(request.asked_by);
  std::vector<std::int64_t> users;
  for (const std::int64_t holder : holders) {
    for (const std::int64_t user : users_meant(session, rule.deadline_to, holder)) add_once(users, user);
  }
  return users;
}

}  // namespace crm
