// What may only be done once somebody has agreed: the check, the requests, their deadlines.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "crm/error.h"
#include "process/process.h"
#include "records/session_state.h"
#include "records/stored_record.h"

namespace crm {

// Throws Error{waiting} where approvals of the workflow hold one of the events back and are not given; a
// request for each is then left in the session's aftermath. `record` as the command would leave it, `before`
// null for a new one. Inside a Write.
void check_approvals(Session& session, std::span<const RuleEvent> events, const StoredRecord& record,
                     const StoredRecord* before);
// The same for a row of a file, for which nothing is asked: it must not be written.
void check_approvals_of_row(Session& session, std::span<const RuleEvent> events, const StoredRecord& record,
                            const StoredRecord* before);
// The same for a record that an undo has put back. That is agreed to for the command as a whole: it does what
// it says or nothing, whatever becomes of its records meanwhile.
void check_approvals_of_undo(Session& session, const RuleEvent& event, const StoredRecord& record,
                             const StoredRecord& before);
// The same for the approval of that name, whatever its event. Returns what to log where it is given.
std::string require_approval(Session& session, const std::string& approval, const StoredRecord& record);

namespace approval_state {
inline constexpr const char* kWaiting = "waiting";
inline constexpr const char* kApproved = "approved";  // the command is to be carried out
inline constexpr const char* kSkipped = "skipped";    // by the fast track; the command is to be carried out
inline constexpr const char* kRejected = "rejected";
inline constexpr const char* kWithdrawn = "withdrawn";
inline constexpr const char* kOutdated = "outdated";  // the record was changed first: it is to be asked again
}  // namespace approval_state

struct ApprovalRequest {
  std::int64_t id = 0;
  std::string approval;
  RecordId record;
  std::optional<std::int64_t> version;
  std::string state;
  std::int64_t asked_by = 0;
  std::int64_t asked_at = 0;
  std::optional<std::int64_t> due_at;
  bool escalated = false;
  bool alone = false;  // the rest of the command was done
  std::string words;   // JSON
  std::optional<std::int64_t> done_at;
};
// What is thrown where there is no such request, or none that the acting user may know of.
Error no_request(std::int64_t id);
// Error{not_found}.
ApprovalRequest load_request(Session& session, std::int64_t id);
// Error{invalid} where the workflow no longer has it.
const ApprovalRule& rule_of(Session& session, const ApprovalRequest& request);

// Who decides on a request: one of those that the workflow names.
struct Seat {
  std::int64_t position = 0;
  std::string approver;              // as the workflow names them
  std::optional<std::int64_t> user;  // a delegate in their place
  std::string decision;              // approved, or empty
  std::optional<std::int64_t> by_user;
  std::optional<std::int64_t> at;
  std::string comment;
};
std::vector<Seat> seats_of(Session& session, std::int64_t request);
// The seats that somebody may take now.
std::vector<Seat> open_seats(const ApprovalRule& rule, const std::vector<Seat>& seats);

// Those who may take one of them are told that the request waits for them, each once. Inside a Write.
void tell_open_seats(Session& session, const ApprovalRequest& request, const ApprovalRule& rule);

bool has_decided(const std::vector<Seat>& seats, std::int64_t user);
// Whether that user may decide from the seat. Who has decided from another one may only where the workflow
// means nobody else for this one.
bool may_take_seat(Session& session, const ApprovalRequest& request, const ApprovalRule& rule,
                   const Seat& seat, std::int64_t user);

// Beside the requests about records that one may see: those that one asked for oneself, has decided, is to
// decide or may skip.
bool may_see_request(Session& session, const ApprovalRequest& request);

struct DueDeadline {
  std::int64_t request = 0;
  std::int64_t due_at = 0;
};
std::optional<std::int64_t> next_deadline(Connection& connection);
std::vector<DueDeadline> due_deadlines(Connection& connection, std::int64_t until);
// From now on whoever the deadline names may decide too ("manager": of who should have); they are told.
// Inside a Write.
std::string escalate_approval(Session& session, std::int64_t request);
void stop_deadline(Session& session, std::int64_t request);

}  // namespace crm
