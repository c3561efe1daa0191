// How text looks on a terminal: its width in cells, and control characters made visible.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace crm {

// Cells that the text takes: 2 for wide characters (East Asian Wide and Fullwidth, emoji), 0 for combining marks and
// joiners, by grapheme cluster, the same in every locale. The text holds no control characters (see visible()).
std::size_t display_width(std::string_view text);

// The text with control characters (C0, DEL, C1), line and paragraph separators and bidirectional overrides
// (U+202A–202E, U+2066–2069) written as \x1b, \n, \t, \u202e, and bytes that are no UTF-8 as \xNN: safe on any terminal.
std::string visible(std::string_view text);

// The text cut to at most `cells` cells, ending in … when something was cut. Never inside a grapheme.
std::string cut_to_width(std::string_view text, std::size_t cells);

// The first `count` characters (code points) of the text, or all of it.
std::string_view first_characters(std::string_view text, std::size_t count);

}  // namespace crm
