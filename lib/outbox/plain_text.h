// Texts of records as they may stand in a message.
#pragma once

#include <string>
#include <string_view>

namespace crm {

// As one line: white space of any kind is a space, other control characters are made visible.
std::string one_line(std::string_view text);
// Line by line the same, but spaces are kept where they are not a line's last; lines end in LF.
std::string plain_lines(std::string_view text);

}  // namespace crm
