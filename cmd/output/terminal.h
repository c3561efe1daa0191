// What the terminal can do.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace crm::cmd {

// Cells in a line of the terminal behind the standard output: COLUMNS where it is a number, else what the
// terminal says, else 80.
std::size_t terminal_width(const std::optional<std::string>& columns);

}  // namespace crm::cmd
