// What can be done with a lead beyond adding and editing it. Each is one step of the surrounding Write, or a
// Write of its own.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "crm/export.h"
#include "crm/records.h"

namespace crm {

// Moves it to the stage, or to the next one in the workflow's order. Error{invalid} where the workflow does
// not allow that, with what is missing.
CRM_API WriteResult advance_lead(Session& session, RecordId lead, std::string_view to = {});
// Moves it to the (first) lost stage with the reason.
CRM_API WriteResult lose_lead(Session& session, RecordId lead, std::string_view reason);

struct Conversion {
  RecordId customer;
  RecordId contact;
  Written written = Written::unchanged;  // unchanged: it was converted before, to these
};
// Makes a customer (or takes the given one) and a contact of the lead, and moves it to the (first) won stage.
CRM_API Conversion convert_lead(Session& session, RecordId lead,
                                std::optional<RecordId> customer = std::nullopt);

}  // namespace crm
