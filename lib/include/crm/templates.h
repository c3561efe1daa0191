// The processes that a new database can begin with.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "crm/export.h"

namespace crm {

struct ProcessTemplate {
  std::string name;  // b2b-sales; "default" is the one that 'crm init' begins with by itself
  std::string description;
};

// "default" first, the others by name.
CRM_API std::vector<ProcessTemplate> process_templates();
// Its workflow file. Error{not_found} with the nearest name.
CRM_API std::string template_text(std::string_view name);
// The file with another value of a setting at its top ("timezone", "currency", "country").
CRM_API std::string with_setting(std::string text, std::string_view setting, std::string_view value);

}  // namespace crm
