// Words for help texts that are made from a kind's descriptor.
#pragma once

#include <crm/kind.h>

#include <string>
#include <string_view>

namespace crm::cmd {

std::string in_capitals(std::string_view name);   // "about" → "ABOUT"
std::string with_article(std::string_view noun);  // "a lead", "an invoice"
// A value that such a field may have, as typed in a shell.
std::string example_value(const Field& field);

}  // namespace crm::cmd
