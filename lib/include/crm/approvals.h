// Approvals: commands that wait until somebody has agreed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "crm/export.h"
#include "crm/session.h"
#include "crm/table.h"

namespace crm {

struct ApprovalQuery {
  std::string state;  // waiting, approved, skipped, rejected, withdrawn, outdated; empty: any
  bool mine = false;  // only those that the acting user can decide on now
  std::optional<std::int64_t> limit;
};
// Newest first: id, approval, state, record, asked_by, asked_at, waits_for, due_at, command.
CRM_API void list_approvals(Session& session, const ApprovalQuery& query, RowSink& sink);
// One request as rows of a name and a value. Error{not_found}.
CRM_API void show_approval(Session& session, std::int64_t id, RowSink& sink);

// What the acting user says to a request. Each throws Error{not_found}, Error{conflict} where it is decided
// already, Error{not_permitted} where it is not theirs to decide. True: nothing is missing any more, and the
// recorded command may be carried out. Where the record was changed since it was asked for, approving and
// skipping leave the request outdated and throw Error{conflict}.
CRM_API bool approve(Session& session, std::int64_t id, const std::string& comment);
// The fast track: recorded as skipped, not as approved. Error{invalid} without a reason where the workflow
// asks for one.
CRM_API bool skip_approval(Session& session, std::int64_t id, const std::string& reason);
CRM_API void reject_approval(Session& session, std::int64_t id, const std::string& reason);
// Takes a request back: who asked for it.
CRM_API void withdraw_approval(Session& session, std::int64_t id, const std::string& reason);
// Another user decides in place of the acting one.
CRM_API void delegate_approval(Session& session, std::int64_t id, const std::string& to);

struct ExceptionQuery {
  std::string from;  // as on the command line; empty: from the beginning
  std::string to;    // that day included
};
// What was done past the usual approval, newest first: id, approval, record, exception (skipped, own, late),
// by, at, reason.
CRM_API void list_exceptions(Session& session, const ExceptionQuery& query, RowSink& sink);

// The command that a request holds back. While this lives, the session acts as who asked for it.
// Error{conflict} where the record was changed since, which leaves the request outdated, or the command was
// carried out already.
class CRM_API GrantedCommand {
 public:
  GrantedCommand(Session& session, std::int64_t id);
  ~GrantedCommand();
  GrantedCommand(const GrantedCommand&) = delete;
  GrantedCommand& operator=(const GrantedCommand&) = delete;
  // Its words, without the program's name.
  const std::vector<std::string>& words() const { return words_; }

 private:
  Session& session_;
  std::vector<std::string> words_;
  std::string login_;
  std::vector<std::string> own_words_;
};

// Whether there is something for it to do.
CRM_API bool has_aftermath(Session& session);

// write_aftermath() for one of several commands that a session carries out in turn, such as a line of a
// batch: what is asked for is that command alone. `words` is its line as given, `shown` the same for people.
CRM_API std::vector<std::string> write_aftermath_of(Session& session, std::vector<std::string> words,
                                                    std::string shown, bool rest_was_done);

}  // namespace crm
