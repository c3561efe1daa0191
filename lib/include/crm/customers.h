// What can be asked of a customer beyond its own fields.
#pragma once

#include <optional>

#include "crm/export.h"
#include "crm/records.h"

namespace crm {

// Everything that happened around the customer, newest first, each event once: changes of its record; its
// contacts; the leads that became it and their stage changes; follow-ups about it, its contacts and those
// leads, planned ones at the time they are due. What is deleted is left out. Columns: at, event (change,
// contact, lead, stage, followup, plan), record, about (the record that it is about), by, text.
CRM_API ListResult view_customer(Session& session, RecordId customer, std::optional<std::int64_t> limit,
                                 RowSink& sink);

}  // namespace crm
