// A workflow file as a picture, without a database and its counts.
#pragma once

#include <string>
#include <string_view>

#include "crm/export.h"

namespace crm {

// As draw_workflow() does (crm/rules.h). Error{invalid} with all problems of the file.
CRM_API std::string draw_workflow_file(std::string_view text, const std::string& file,
                                       std::string_view format);

}  // namespace crm
