// JSON written by appending: lists of a million rows are written by this, not by a document library.
#pragma once

#include <string>
#include <string_view>

namespace crm {

// The text as a JSON string (RFC 8259) with quotes: ", \, control characters and U+2028/2029 escaped, everything else as UTF-8.
// Bytes that are no valid UTF-8 become U+FFFD (stored text is always valid).
void append_json_string(std::string& out, std::string_view text);

}  // namespace crm
