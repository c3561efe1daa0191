// Phone numbers: the fast path for the usual shapes. The rest goes to the phone module (modules/phone.h).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace crm {

// "13800138000.0", as programs write what a spreadsheet took for a number, without its fraction; any other
// text as it is.
std::string_view without_fraction(std::string_view text);

// "010-88886666转12", 分机12, 内线12 and *12: the number before the extension; any other text as it is.
std::string_view without_extension(std::string_view text);

// "010-88886666-12": what stands before the last dash, where up to six digits stand behind it; else nothing.
// Only where the whole is no number is that an extension.
std::optional<std::string_view> before_last_group(std::string_view text);

// The digits, with the plus if one stands first: separators (spaces, dashes, dots, brackets, unseen marks of
// direction) are left out, full-width characters folded, a leading 00 becomes +. Nothing where another
// character remains (letters, a slash between two numbers, an extension) or no digit.
std::optional<std::string> phone_digits(std::string_view text);

// E.164 for the shapes that need no table: a mainland China mobile number (1[3-9] and 9 digits, with or
// without 86) where `country` is CN; a North American number (10 digits, or 11 with 1) where it is US or CA;
// and +86 or +1 numbers of those shapes whatever the country (ISO 3166 alpha-2, may be empty). Nothing for
// all other shapes.
std::optional<std::string> usual_phone(std::string_view text, std::string_view country);

// Of "+8613800138000" the number as it is dialled inside its country: "13800138000". `e164` as phone_key()
// gives it.
std::string_view national_number(std::string_view e164);

// Adds the words by which a search text is found by any four and more digits of a number: its stretches of
// four in their order, but the first, since the number begins with it ("13800138000" → " ·3800 ·8001 ·0013
// ·0138 ·1380 ·3800 ·8000"). Nothing that a person types begins with the dot.
void append_number_parts(std::string& search_text, std::string_view national_number);

// The same for what is looked for: "00138" → "·0013 ·0138". Empty for fewer than four digits, for as many as
// whole numbers have, and for what is no number.
std::string number_part(std::string_view word);

}  // namespace crm
