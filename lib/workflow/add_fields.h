// Custom fields that come with the records of an import.
#pragma once

#include <span>
#include <string>

#include "crm/session.h"

namespace crm {

struct NewField {
  std::string name;
  std::string label;
};

// Puts a revision of the process in force that has these text fields of the kind too: its file is the present
// one with a line for each of them, comments included. Inside a Write; where that is not kept, the caller
// puts the session's process back. Throws Error{invalid} for a name that cannot be a field's, and where the
// file's layout takes no line.
void add_text_fields(Session& session, Kind kind, std::span<const NewField> fields);

}  // namespace crm
