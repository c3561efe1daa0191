// Who may decide on what waits for an approval.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "crm/session.h"
#include "engine/approvals.h"

namespace crm {

// The users whom the words "manager", "team-lead", "role/NAME" or a name mean for what that user asked for.
std::vector<std::int64_t> users_meant(Session& session, const std::string& approver, std::int64_t asked_by);
// Who may take the seat as it stands: a delegate, else whom the workflow names.
std::vector<std::int64_t> holders_of(Session& session, const ApprovalRequest& request, const Seat& seat);
// Whom the deadline calls upon for the seat: "manager" is that of the approver who has not decided.
std::vector<std::int64_t> users_after_deadline(Session& session, const ApprovalRequest& request,
                                               const ApprovalRule& rule, const Seat& seat);

}  // namespace crm
