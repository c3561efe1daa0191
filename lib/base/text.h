// Text as data: UTF-8, folding, and the one normalising function of each key.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "crm/text.h"  // find_invalid_utf8, nearest, listed, quoted

namespace crm {

// The size in bytes of the valid character that the text begins with; 0 where there is none.
std::size_t first_character_size(std::string_view text);
// Valid UTF-8 for sure: each byte that belongs to no valid character becomes U+FFFD.
std::string with_replacements(std::string_view text);

// The number of code points; a byte that is no UTF-8 counts as one.
std::size_t character_count(std::string_view text);
// Appends a code point as UTF-8.
void append_utf8(std::string& out, char32_t character);
// Takes the first code point off the text, which must not be empty; a byte that is no UTF-8 is U+FFFD.
char32_t next_character(std::string_view& text);

// Unicode White_Space: the ideographic space (U+3000) and the no-break space (U+00A0) included.
bool is_white_space(char32_t character);
// Without leading and trailing white space.
std::string_view trimmed(std::string_view text);
// ASCII only: for keywords, never for names.
std::string ascii_lower(std::string_view text);
bool equals_ignoring_case(std::string_view a, std::string_view b);  // ASCII only

// NFKC and full case folding (Unicode 15), without default-ignorable characters and the combining marks of
// Latin letters (é → e, Ａ → a); runs of white space as one space, trimmed. Bytes that are no UTF-8 become
// U+FFFD. ASCII, Han and full-width ASCII take a fast path.
std::string folded(std::string_view text);

// What search looks in: folded text in which each Chinese (Han; simplified), kana and Hangul character stands
// apart, words are letters and digits, everything else is a space. "张伟 Acme-Ltd." → "张 伟 acme ltd".
std::string search_text(std::string_view text);
void append_search_text(std::string& out, std::string_view text);  // with a leading space if out is not empty

// The key of an e-mail address: trimmed, full-width ASCII as ASCII, ASCII letters in lower case, the
// domain in ASCII (domain_name.h). Empty for an empty one.
std::string email_key(std::string_view email);
// Whether the text can be an e-mail address: one @ with something before it, no white space, control
// characters or RFC 5322 specials (so never a list or a "Name <address>"), a domain with no empty label.
bool is_email(std::string_view email);

// Whether it is a Han ideograph (any plane), kana or a Hangul syllable.
bool is_cjk(char32_t character);

}  // namespace crm
