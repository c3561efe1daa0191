// E-mail addresses that say no more than the names of those who have them.
#pragma once

#include <string_view>

namespace crm {

// Whether two different addresses are alike only in what any two people of those names may have in common:
// "wei.zhang@acme.com" and "zhangwei@globex.com" of two 张伟, "info@…" of two companies, "jo.doe1@acme.com"
// and "jo.doe2@acme.com" of two colleagues. Addresses as email_key() gives them, names in normal form.
bool only_repeats_names(std::string_view a, std::string_view name_a, std::string_view b,
                        std::string_view name_b);

}  // namespace crm
