// How a sensitive value is shown to those who may not see it.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace crm {

// cn-id-card: 110101********0028; phone: 138****8000; email: w***@example.com; name: its first character;
// bank-card: the last four digits; all: nothing of it.
std::span<const std::string_view> mask_names();

// The value with most of it as asterisks. An unknown name, or a value of another form, hides all of it:
// "***".
std::string masked(std::string_view value, std::string_view mask);

}  // namespace crm
