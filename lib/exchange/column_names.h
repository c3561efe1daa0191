// What the headings of columns say beyond the names of fields.
#pragma once

#include <string>
#include <string_view>

#include "crm/kind.h"

namespace crm {

// Whether the column says when the next follow-up is due (下次跟进时间).
bool is_next_heading(Kind kind, std::string_view heading);
// Whether the column holds the names of records of that kind: "customer", 客户名称.
bool names_records(Kind kind, std::string_view heading);
// Which part of a person's name a column of that heading holds, as name:PART says it: "family" for Last Name
// and 姓, "given", "middle"; empty for none.
std::string_view name_part_of(std::string_view heading);
// A name for a custom field made of a heading (Fax No → fax_no, 传真 → chuanzhen); empty where its letters
// are neither Latin nor Chinese.
std::string custom_name(std::string_view heading);

}  // namespace crm
