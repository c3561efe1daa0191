// Text as data: UTF-8, folding, and the one normalising function of each key.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "crm/text.h"  // find_invalid_utf8, nearest, listed, quoted

namespace crm {

// The number of code points.
std::size_t character_count(std::string_view text);
// Appends a code point as UTF-8.
void append_utf8(std::string& out, char32_t character);
// Takes the first code point off the (valid, non-empty) text.
char32_t next_character(std::string_view& text);

// Without leading and trailing white space, the ideographic space (U+3000) and U+00A0 included.
std::string_view trimmed(std::string_view text);
// ASCII only: for keywords, never for names.
std::string ascii_lower(std::string_view text);
bool equals_ignoring_case(std::string_view a, std::string_view b);  // ASCII only

// NFKC, case-folded, combining marks of Latin letters kept out (é → e), width variants joined (Ａ → a), runs of
// white space as one space, trimmed. Pure ASCII takes a fast path.
std::string folded(std::string_view text);

// What search looks in: folded text in which each Chinese (Han), kana and Hangul character stands apart, words are
// letters and digits, everything else is a space. "张伟 Acme-Ltd." → "张 伟 acme ltd".
std::string search_text(std::string_view text);
void append_search_text(std::string& out, std::string_view text);  // with a leading space if out is not empty

// The key of an e-mail address: trimmed, ASCII letters in lower case, width folded. Empty for an empty one.
std::string email_key(std::string_view email);
// Whether the text can be an e-mail address: one @, no space or control characters, a domain with no empty label.
bool is_email(std::string_view email);

// True where `word` is a Han ideograph (any plane), kana or Hangul syllable.
bool is_cjk(char32_t character);

}  // namespace crm
