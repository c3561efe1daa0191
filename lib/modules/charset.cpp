#include "modules/charset.h"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>

#include "base/text.h"
#include "modules/charset/interface.h"
#include "modules/japanese_text.h"
#include "modules/module.h"
#include "modules/western_text.h"

namespace crm {
namespace {

constexpr std::size_t kLooked = std::size_t{256} << 10;
// uchardet takes a quarter of a microsecond for each byte.
constexpr std::size_t kAsked = std::size_t{64} << 10;
constexpr std::size_t kMostGuesses = 12;
// Of ICU's confidence.
constexpr int kSure = 50;
constexpr int kLikely = 15;
// What a text must have at least to be believed.
constexpr std::size_t kFewestCharacters = 2;
constexpr std::size_t kFewestLetters = 8;
constexpr std::size_t kLettersForEachStrange = 10;
constexpr std::size_t kMostBytes = 4;  // of UTF-8 for one of another encoding

enum class Script { east_asian, latin, other };

// What each name of the libraries is read as: the code page that Windows programs write, which holds the
// standard's characters and more. ISO-8859-1 has no quotes, dashes or euro sign, but its users do.
struct Known {
  std::string_view name;
  std::string_view encoding;
  Script script;
};
constexpr std::array kKnown = {
    Known{"GB18030", "GB18030", Script::east_asian},      Known{"Big5", "CP950", Script::east_asian},
    Known{"Shift_JIS", "CP932", Script::east_asian},      Known{"EUC-JP", "EUC-JP", Script::east_asian},
    Known{"EUC-KR", "CP949", Script::east_asian},         Known{"UHC", "CP949", Script::east_asian},
    Known{"windows-1251", "CP1251", Script::other},       Known{"KOI8-R", "KOI8-R", Script::other},
    Known{"windows-1253", "CP1253", Script::other},       Known{"ISO-8859-7", "CP1253", Script::other},
    Known{"windows-1252", "WINDOWS-1252", Script::latin}, Known{"ISO-8859-1", "WINDOWS-1252", Script::latin},
    Known{"windows-1250", "CP1250", Script::latin},       Known{"ISO-8859-2", "CP1250", Script::latin},
};

const Known* find_known(const CharsetGuess& guess) {
  const auto found = std::find_if(kKnown.begin(), kKnown.end(), [&](const Known& known) {
    return equals_ignoring_case(known.name, guess.name.data());
  });
  return found == kKnown.end() ? nullptr : found;
}

const CharsetModule& charset_module() {
  static const auto* module = static_cast<const CharsetModule*>(load_module("charset"));
  return *module;
}

// The text as UTF-8; nothing where it is not in the encoding. `whole` as likely_charset() has it.
std::optional<std::string> read_in(std::string_view text, bool whole, std::string_view encoding) {
  const iconv_t converter = iconv_open("UTF-8", std::string(encoding).c_str());
  if (reinterpret_cast<std::intptr_t>(converter) == -1) return std::nullopt;
  std::string copy(text);
  std::string out(text.size() * kMostBytes, '\0');
  char* in = copy.data();
  char* to = out.data();
  std::size_t left = copy.size();
  std::size_t room = out.size();
  const bool done = iconv(converter, &in, &left, &to, &room) != static_cast<std::size_t>(-1);
  const bool cut_off = !done && errno == EINVAL && !whole;
  iconv_close(converter);
  if (!done && !cut_off) return std::nullopt;
  out.resize(out.size() - room);
  return out;
}

Script script_of(char32_t character) {
  if ((character >= 0x370 && character <= 0x3FF) || (character >= 0x400 && character <= 0x4FF))
    return Script::other;
  return is_cjk(character) ? Script::east_asian : Script::latin;
}

// What is neither here nor there: signs, punctuation, half-width kana.
bool is_neutral(char32_t character) {
  return character < 0xC0 || character == 0xD7 || (character >= 0x2010 && character <= 0x27BF) ||
         (character >= 0x3000 && character <= 0x303F) || (character >= 0xFF00 && character <= 0xFFEF);
}

// Whether a text says enough to be believed: several letters of the script that the encoding is for and next
// to nothing else; of Cyrillic and Greek, where a letter is one byte and so any byte is a letter, whole
// words.
bool bears_out(std::string_view text, Script script) {
  std::size_t letters = 0, in_words = 0, strange = 0;
  bool after_one = false;
  while (!text.empty()) {
    const char32_t character = next_character(text);
    const bool neutral = is_neutral(character);
    const bool one = !neutral && script_of(character) == script;
    if (one && after_one) ++in_words;
    if (!neutral) ++(one ? letters : strange);
    after_one = one;
  }
  if (strange * kLettersForEachStrange > letters) return false;
  if (script == Script::east_asian) return letters >= kFewestCharacters;
  return letters >= kFewestLetters && in_words * 2 >= letters;
}

}  // namespace

std::string likely_charset(std::string_view text, bool whole) {
  whole = whole && text.size() <= kLooked;
  text = text.substr(0, kLooked);
  const auto is_in = [&](const Known& known) {
    const auto read = read_in(text, whole, known.encoding);
    return read && bears_out(*read, known.script);
  };
  CharsetGuess guess;
  const bool asked = charset_module().ask_uchardet(text.substr(0, kAsked), guess);
  const Known* const told = asked ? find_known(guess) : nullptr;
  if (looks_western(text)) {
    const auto western = read_in(text, whole, "WINDOWS-1252");
    // Most letters with accents are the same in the code page of Central Europe. Where they are not, and
    // uchardet takes it for that one, nobody knows.
    const bool central = told != nullptr && told->script == Script::latin && told->encoding != "WINDOWS-1252";
    if (!western || (central && western != read_in(text, whole, told->encoding))) return {};
    return "WINDOWS-1252";
  }
  if (looks_shift_jis(text, whole)) return "CP932";
  // uchardet is right about nearly all that it takes for East Asian.
  if (told != nullptr && told->script == Script::east_asian && is_in(*told))
    return std::string(told->encoding);
  std::array<CharsetGuess, kMostGuesses> space;
  const std::span guesses(space.data(), charset_module().ask_icu(text, space.data(), space.size()));
  const auto first_of = [&](Script script, int least) -> std::string {
    for (const CharsetGuess& each : guesses) {
      const Known* known = find_known(each);
      if (known == nullptr || known->script != script || each.confidence < least) continue;
      if (is_in(*known)) return std::string(known->encoding);
    }
    return {};
  };
  if (std::string found = first_of(Script::east_asian, kSure); !found.empty()) return found;
  return first_of(Script::other, kLikely);
}

}  // namespace crm
