#include "modules/charset.h"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <span>
#include <utility>

#include "base/text.h"
#include "modules/charset/interface.h"
#include "modules/module.h"

namespace crm {
namespace {

constexpr std::size_t kLooked = std::size_t{256} << 10;
constexpr std::size_t kMostGuesses = 12;
// Of ICU's confidence, for what uchardet does not say.
constexpr int kSure = 50;
constexpr int kLikely = 15;

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

int confidence_in(std::span<const CharsetGuess> guesses, std::string_view encoding) {
  int most = 0;
  for (const CharsetGuess& guess : guesses) {
    const Known* known = find_known(guess);
    if (known != nullptr && known->encoding == encoding) most = std::max(most, guess.confidence);
  }
  return most;
}

bool can_be_read(std::string_view text, bool whole, std::string_view encoding) {
  const iconv_t converter = iconv_open("UTF-8", std::string(encoding).c_str());
  if (reinterpret_cast<std::intptr_t>(converter) == -1) return false;
  std::array<char, 16384> block{};
  std::string copy(text);
  char* in = copy.data();
  std::size_t left = copy.size();
  bool valid = true;
  while (valid && left > 0) {
    char* out = block.data();
    std::size_t room = block.size();
    if (iconv(converter, &in, &left, &out, &room) != static_cast<std::size_t>(-1)) break;
    if (errno == E2BIG) continue;
    valid = errno == EINVAL && !whole;
    break;
  }
  iconv_close(converter);
  return valid;
}

// Single letters with accents among plain ones, and the quotes and signs that are usual in prose: what
// Western European text in Windows-1252 looks like, and hardly anything else.
bool looks_western(std::string_view text) {
  constexpr std::string_view kSigns =
      "\x80\x85\x91\x92\x93\x94\x95\x96\x97\x99\xA0\xA1\xA3\xA7\xA9\xAA\xAB\xAE\xB0\xB1\xB2\xB7\xBA\xBB\xBD"
      "\xBF";
  constexpr std::string_view kLetters = "\x8A\x8C\x8E\x9A\x9C\x9E\x9F";
  std::size_t plain = 0;
  std::size_t accented = 0;
  std::size_t run = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool letter = (byte >= 0xC0 && byte != 0xD7 && byte != 0xF7) || kLetters.find(c) != kLetters.npos;
    if (byte >= 0x80 && !letter && kSigns.find(c) == kSigns.npos) return false;
    if (letter) ++accented;
    run = letter ? run + 1 : 0;
    if (run > 3) return false;
    if ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z') ++plain;
  }
  return accented <= plain;
}

}  // namespace

std::string likely_charset(std::string_view text, bool whole) {
  whole = whole && text.size() <= kLooked;
  text = text.substr(0, kLooked);
  std::array<CharsetGuess, kMostGuesses> space;
  const std::span guesses(space.data(), charset_module().guess(text, space.data(), space.size()));
  const auto first_of = [&](Script script, int least) -> std::string {
    for (const CharsetGuess& guess : guesses) {
      const Known* known = find_known(guess);
      if (known == nullptr || known->script != script || guess.confidence < least) continue;
      if (can_be_read(text, whole, known->encoding)) return std::string(known->encoding);
    }
    return {};
  };
  if (looks_western(text)) {
    const bool central = confidence_in(guesses, "CP1250") > confidence_in(guesses, "WINDOWS-1252");
    const std::string latin = central ? "CP1250" : "WINDOWS-1252";
    return can_be_read(text, whole, latin) ? latin : "";
  }
  // uchardet is right about nearly all that it takes for East Asian.
  const Known* const first = guesses.empty() ? nullptr : find_known(guesses.front());
  const bool told = first != nullptr && first->script == Script::east_asian && guesses.front().confidence < 0;
  if (told && can_be_read(text, whole, first->encoding)) return std::string(first->encoding);
  if (std::string found = first_of(Script::east_asian, kSure); !found.empty()) return found;
  return first_of(Script::other, kLikely);
}

}  // namespace crm
