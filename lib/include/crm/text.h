// Text for those who print it and those who read what a person typed.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crm/export.h"

namespace crm {

// The offset of the first byte that is not part of valid UTF-8 (overlong forms, surrogates and values over
// U+10FFFF included), or npos. Fast on ASCII.
CRM_API std::size_t find_invalid_utf8(std::string_view text);
inline bool is_valid_utf8(std::string_view text) {
  return find_invalid_utf8(text) == std::string_view::npos;
}

// Cells that the text takes: 2 for wide characters (East Asian Wide and Fullwidth, emoji), 0 for combining
// marks and joiners, by grapheme cluster, the same in every locale. The text holds no control characters (see
// visible()).
CRM_API std::size_t display_width(std::string_view text);

// The text with control characters (C0, DEL, C1), line and paragraph separators and bidirectional overrides
// (U+202A–202E, U+2066–2069) written as \x1b, \n, \t, \u202e, and bytes that are no UTF-8 as \xNN: safe on
// any terminal.
CRM_API std::string visible(std::string_view text);

// The text cut to at most `cells` cells, ending in … when something was cut. Never inside a grapheme.
CRM_API std::string cut_to_width(std::string_view text, std::size_t cells);

// The candidate nearest to the name by edit distance (with transpositions, on folded text), if one is near
// enough to be what was meant: distance ≤ 1 for up to 4 characters, ≤ 2 up to 8, else ≤ 3, and always less
// than the name's length; or the name is a prefix of just one.
CRM_API std::optional<std::string> nearest(std::string_view name, const std::vector<std::string>& candidates);

// "'a', 'b' and 'c'", each as by quoted().
CRM_API std::string listed(const std::vector<std::string>& names);
// The text in single quotes, control characters visible, cut to 60 cells: for messages.
CRM_API std::string quoted(std::string_view text);

// Appends the text as a JSON string (RFC 8259) with quotes: ", \, control characters and U+2028/2029 escaped,
// everything else as UTF-8. Bytes that are no valid UTF-8 become U+FFFD (stored text is always valid).
CRM_API void append_json_string(std::string& out, std::string_view text);

}  // namespace crm
