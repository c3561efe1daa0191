// Headings of files as people write them.
#pragma once

#include <string>
#include <string_view>

namespace crm {

struct Entity;

// What two headings have in common that mean the same: "Create Time", "create_time" and "createTime " are
// one, and so are "*客户名称" and "客户名称（必填）" with what they mark as required.
std::string heading_key(std::string_view heading);

// Whether the heading numbers the records of the kind: "lead_id", "Lead ID", "线索编号".
bool is_number_heading(std::string_view heading, const Entity& kind);
// The same where it does not name the kind: "id", "ID", "编号", "Record ID".
bool is_bare_number_heading(std::string_view heading);

}  // namespace crm
