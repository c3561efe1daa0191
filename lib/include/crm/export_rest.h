// What a whole export holds beside the files of the kinds, so that a database made of it answers the same:
// deleted records, what is about them or refers to them, which records became part of which, segments and
// outreach. A line of JSON each, the same for the same data.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "crm/export.h"
#include "crm/session.h"

namespace crm {

// Whether an export by the acting user is of everything: they see all records, and no field masked.
CRM_API bool exports_whole(Session& session);

struct RestCounts {
  std::int64_t records = 0;     // deleted ones, and those that are about them
  std::int64_t references = 0;  // of other records, to deleted ones
  std::int64_t merges = 0;
  std::int64_t segments = 0;
  std::int64_t outreach = 0;
};
// Hands out the lines, each with its end. Error{not_permitted} where exports_whole() is false.
CRM_API RestCounts export_rest(Session& session, const std::function<void(std::string_view)>& write);

// Puts it into a database that was made of the other files, in one Write; the records keep their numbers and
// moments, and nobody has a say, neither checks nor rules. Throws Error{not_permitted} for anybody but an
// admin, Error{not_found} and Error{io} for the file, Error{conflict} where a number or name is taken
// already, Error{invalid} for a line that is none of an export's.
CRM_API RestCounts import_rest(Session& session, const std::string& path);

}  // namespace crm
