// What bytes that are no UTF-8 may be encoded in, by the charset module (uchardet, ICU), loaded on first use.
#pragma once

#include <string>
#include <string_view>

namespace crm {

// The likeliest encoding of the text as iconv calls it, among those that all of it can be read in ("BIG5",
// "CP932" for Shift-JIS, "WINDOWS-1252" …); empty where none is likely. `whole` says that the text is not cut
// off at its end. Throws Error{failed} where the module cannot be loaded.
std::string likely_charset(std::string_view text, bool whole);

}  // namespace crm
