// Manual pages (roff, man macros), made from the specs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace crm::cmd {

// The names of the pages of section 1: "crm", "crm-lead", "crm-init" …
std::vector<std::string> man_pages();
// The page of that name; `prose` is roff that stands behind its description.
std::string man_page(std::string_view name, std::string_view prose);

}  // namespace crm::cmd
