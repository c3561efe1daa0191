// Checks of values that carry their own check digit, or have a fixed form.
#pragma once

#include <span>
#include <string_view>

namespace crm {

// cn-id-card (GB 11643, 18 characters: birth date and check digit), cn-uscc (GB 32100, a company's unified
// social credit code), bank-card (ISO/IEC 7812, Luhn), email, url (http or https). A built-in field may also
// be a "time zone", by its IANA name.
std::span<const std::string_view> value_check_names();

// Whether the value passes; true for an unknown check.
bool passes_value_check(std::string_view value, std::string_view check);

}  // namespace crm
