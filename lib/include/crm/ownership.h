// Who a record belongs to: giving, claiming and releasing it; the workflow's assignment tables and the shared
// pool. For any kind whose records have an owner. Each write is one step of the surrounding Write, or a Write
// of its own.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crm/export.h"
#include "crm/records.h"

namespace crm {

// Gives the record to the user (name, login or e-mail). Error{not_found}; Error{invalid} for a user who is no
// longer active.
CRM_API WriteResult assign(Session& session, RecordId record, std::string_view user);
// Gives each record that nobody has to whom the workflow's table names; one that somebody has is left as it
// is. What the table leaves in the pool is told as a notice. Without a table for the kind: to whoever of the
// active, present users of its team (without a team: of any) has the fewest open ones, and those of others
// too; ties rotate. Error{invalid} where there is nobody.
CRM_API std::vector<WriteResult> assign_automatically(Session& session, std::span<const RecordId> records);
// Takes a record out of the shared pool for the acting user. Error{conflict} where somebody has it;
// Error{invalid} where the pool's rules are against it.
CRM_API WriteResult claim(Session& session, RecordId record);
// Gives it back to the shared pool.
CRM_API WriteResult release(Session& session, RecordId record);

// One person in a row of the table.
struct AssignmentCandidate {
  std::string user;
  std::string why_not;  // empty: could take the record
  // Nothing where the acting user may not know what others have.
  std::optional<std::int64_t> open;   // records of the kind, in stages without an outcome
  std::optional<std::int64_t> today;  // got by the table
  bool chosen = false;
  bool full = false;  // has as many as the row allows
};

// One row of the table, as far as it was looked at.
struct AssignmentStep {
  int line = 0;  // of the workflow file
  std::string when;
  bool matched = false;
  std::string why_not;  // of a row that did not match: the part of its condition that failed
  bool pool = false;    // the row leaves what it matches in the pool
  std::vector<AssignmentCandidate> candidates;
};

struct AssignmentExplanation {
  std::vector<AssignmentStep> steps;  // none: the workflow has no table for the kind
  std::string owner;                  // whom the record goes to; empty: it stays in the pool
};

// What the table would say of the record now, whoever has it; nothing is changed, the rotation neither.
CRM_API AssignmentExplanation explain_assignment(Session& session, RecordId record);
// The same as lines for people: "line 31, when region = 'East': no, region is 'West'".
CRM_API std::vector<std::string> describe(const AssignmentExplanation& explanation);

struct Recycling {
  std::vector<RecordId> released;
  std::vector<RecordId> warned;  // a message to the owner is in the outbox
};

// Gives back to the pool what its owner has not followed up for as long as the workflow's pool rules say, and
// warns of what goes back soon: each record once, one message per person. Does nothing a second time. For
// `crm workflow run`, which acts by the session's now.
CRM_API Recycling recycle_due(Session& session);

// How the record came to its owners by the table or the pool, latest first: at, user, how (table, claim,
// left), line, explanation.
CRM_API void list_ownership(Session& session, RecordId record, RowSink& sink);

}  // namespace crm
