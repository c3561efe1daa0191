// What can be done with a lead beyond adding and editing it. Each is one step of the surrounding Write, or a Write of its own.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "crm/export.h"
#include "crm/records.h"

namespace crm {

// Gives the lead to the user (name, login or e-mail). Error{not_found}; Error{invalid} for a user who is no longer active.
CRM_API WriteResult assign_lead(Session& session, RecordId lead, std::string_view user);
// Gives each lead to one of the active, present users of its team (without a team: of any team): to whoever has the fewest open leads;
// ties rotate, and the rotation is kept. Error{invalid} where there is nobody.
CRM_API std::vector<WriteResult> assign_leads_automatically(Session& session, std::span<const RecordId> leads);
// Takes a lead out of the shared pool for the acting user. Error{conflict} where somebody has it already.
CRM_API WriteResult claim_lead(Session& session, RecordId lead);
// Gives it back to the shared pool.
CRM_API WriteResult release_lead(Session& session, RecordId lead);
// Moves it to the stage, or to the next one in the workflow's order. Error{invalid} where the workflow does not allow that, with what is missing.
CRM_API WriteResult advance_lead(Session& session, RecordId lead, std::string_view to = {});
// Moves it to the (first) lost stage with the reason.
CRM_API WriteResult lose_lead(Session& session, RecordId lead, std::string_view reason);

struct Conversion {
  RecordId customer;
  RecordId contact;
  Written written = Written::unchanged;  // unchanged: it was converted before, to these
};
// Makes a customer (or takes the given one) and a contact of the lead, and moves it to the (first) won stage.
CRM_API Conversion convert_lead(Session& session, RecordId lead, std::optional<RecordId> customer = std::nullopt);

}  // namespace crm
