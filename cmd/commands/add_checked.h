// A new record, unless it is likely there already.
#pragma once

#include <crm/records.h>

#include <vector>

namespace crm::cmd {

// Customers, contacts and leads are compared with those that are there.
bool is_compared(Kind kind);

// As add(). Throws Error{conflict} with the candidates where a new record is likely one that is there; the
// surrounding Write must not be kept then.
WriteResult add_checked(Session& session, Kind kind, const std::vector<FieldText>& fields,
                        const AddOptions& options, bool allow_duplicate);

}  // namespace crm::cmd
