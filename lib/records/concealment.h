// What others may see of a field: texts that are made for somebody else, and those recorded for everybody.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>

#include "crm/error.h"
#include "crm/session.h"

namespace crm {

// Names of fields that are shown masked.
using Concealed = std::set<std::string, std::less<>>;

// From that user; all that any role names where their role is unknown.
Concealed concealed_from_user(Session& session, std::int64_t user);
// The text as those see it from whom these fields are concealed.
std::string text_without(const Concealed& concealed, const Field& field, std::string text);

// Whether values of the field are not everybody's to see: it is sensitive, or some role reveals it to its
// members. What is recorded for all to read leaves them out.
bool is_guarded(Session& session, const Field& field);
// A command line of the log without the values of fields that are not shown to the acting user: "crm lead add
// A --phone '***'". Of an option that is no field the value is left out too, since it may name them.
std::string shown_command(Session& session, std::string_view command);
// That a reference is another record's, which is named to those who may see it.
Error reference_taken(Session& session, const std::string& ref, RecordId holder);
// Whether the acting user may read a text that may hold any field of any record: one in a message to another.
bool reads_everything(Session& session);

}  // namespace crm
