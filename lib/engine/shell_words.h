// A command line as a test writes it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace crm {

// The words, as a shell would split them: quotes ('…', "…") hold a word together, a backslash takes the next
// character as it is. Nothing is expanded. Throws Error{invalid} for a quote that is not closed.
std::vector<std::string> shell_words(std::string_view line);

}  // namespace crm
