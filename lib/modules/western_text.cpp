#include "modules/western_text.h"

#include <cstddef>

namespace crm {
namespace {

// Of so many places that look right, one may not.
constexpr std::size_t kRightForEachOdd = 20;
constexpr std::size_t kLongestRun = 3;  // of accented letters

// The signs that prose has, between words or digits; those of kJoiners also between letters ("it’s", "l·l").
constexpr std::string_view kSigns =
    "\x80\x82\x84\x85\x91\x92\x93\x94\x95\x96\x97\x99\xA0\xA1\xA3\xA7\xA9\xAA\xAB\xAD\xAE\xB0\xB1\xB2\xB4\xB7"
    "\xBA\xBB\xBD\xBF";
constexpr std::string_view kJoiners = "\x85\x91\x92\x96\x97\xA0\xAD\xB4\xB7";
constexpr std::string_view kBeforeWords = "\xA1\xBF";             // ¡ ¿
constexpr std::string_view kAfterWords = "\x99\xAA\xAE\xB2\xBA";  // ™ ª ® ² º
constexpr std::string_view kNotAtWords = "\xA3\xB1";              // £ ±
constexpr std::string_view kSpecialLetters = "\x8A\x8C\x8E\x9A\x9C\x9E\x9F";
constexpr std::string_view kWords =
    "\xC0\xC8\xC9\xC5\xD3\xD6\xD8\xE0\xE8\xE9\xE5\xF3\xF6\xF8";  // à è é å ó ö ø

bool is_one_of(char c, std::string_view set) {
  return set.find(c) != std::string_view::npos;
}
bool is_plain_letter(char c) {
  const auto lower = static_cast<unsigned char>(c) | 0x20U;
  return lower >= 'a' && lower <= 'z';
}
bool is_accented(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte >= 0xC0 && byte != 0xD7 && byte != 0xF7) || is_one_of(c, kSpecialLetters);
}
bool is_letter(char c) {
  return is_plain_letter(c) || is_accented(c);
}
bool is_lower(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (c >= 'a' && c <= 'z') || byte >= 0xDF || is_one_of(c, "\x9A\x9C\x9E");
}

bool letter_stands_well(char letter, char before, char after) {
  if (letter == '\xFF') return false;  // ÿ is in a handful of names, 0xFF in all that is broken
  if (letter == '\xFE') return !is_letter(before) && is_lower(after);
  if (!is_letter(before) && !is_letter(after)) return is_one_of(letter, kWords);
  if (!is_plain_letter(before) && !is_plain_letter(after)) return false;
  return is_lower(letter) || !is_lower(before);
}

bool sign_stands_well(char sign, char before, char after) {
  if (is_one_of(sign, kJoiners)) return true;
  if (is_one_of(sign, kNotAtWords)) return !is_letter(before) && !is_letter(after);
  if (is_one_of(sign, kBeforeWords)) return !is_letter(before);
  if (is_one_of(sign, kAfterWords))
    return !is_letter(after) && static_cast<unsigned char>(before) < 0x80 && before > ' ';
  return !is_letter(before) || !is_letter(after);
}

}  // namespace

bool looks_western(std::string_view text) {
  std::size_t plain = 0, accented = 0, run = 0, right = 0, odd = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool letter = is_accented(c);
    run = letter ? run + 1 : 0;
    if (run > kLongestRun) return false;
    if (is_plain_letter(c)) ++plain;
    if (static_cast<unsigned char>(c) < 0x80) continue;
    if (!letter && !is_one_of(c, kSigns)) return false;
    const char before = i > 0 ? text[i - 1] : ' ';
    const char after = i + 1 < text.size() ? text[i + 1] : ' ';
    if (letter) ++accented;
    ++((letter ? letter_stands_well(c, before, after) : sign_stands_well(c, before, after)) ? right : odd);
  }
  return right > 0 && accented <= plain && odd * kRightForEachOdd <= right;
}

}  // namespace crm
