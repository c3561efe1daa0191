// What can be done with a user beyond adding and editing. Each is one step of the surrounding Write, or a
// Write of its own.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "crm/export.h"
#include "crm/records.h"

namespace crm {

// How many present records name a user in one of their fields.
struct Holding {
  Kind kind = Kind::customer;
  std::string_view field;  // such as "owner"
  std::int64_t records = 0;
};

// What the user answers for: customers, leads and open plans as owner, teams as their lead, users as their
// manager; each of these, also with none. Follow-ups that happened stay with whoever did them.
CRM_API std::vector<Holding> holdings_of(Session& session, RecordId user);

struct Handover {
  std::string from;  // the users' names
  std::string to;
  std::vector<Holding> holdings;  // as holdings_of() gave them
};
// Gives all of that to another active user (name, login or e-mail). Error{not_found}; Error{invalid} for a
// user who is no longer active, or the same one.
CRM_API Handover transfer_holdings(Session& session, RecordId user, std::string_view to);
// The user gets nothing any more: no leads, no messages. What there is stays theirs until it is transferred.
CRM_API WriteResult deactivate_user(Session& session, RecordId user);

}  // namespace crm
