// A plain text as HTML, for mail programs that show no other.
#pragma once

#include <string>
#include <string_view>

namespace crm {

// Paragraphs at empty lines, lists at lines that begin with "- "; everything else is as it stands, and
// nothing in it is markup. Lines end in LF.
std::string html_of(std::string_view text);

// The text as it stands, nothing in it being markup.
void append_html_text(std::string& out, std::string_view text);
// What stands between the tags of a document's body.
std::string html_document(std::string_view body);

}  // namespace crm
