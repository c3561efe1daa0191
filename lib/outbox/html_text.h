// A plain text as HTML, for mail programs that show no other.
#pragma once

#include <string>
#include <string_view>

namespace crm {

// Paragraphs at empty lines, lists at lines that begin with "- "; everything else is as it stands, and
// nothing in it is markup. Lines end in LF.
std::string html_of(std::string_view text);

}  // namespace crm
