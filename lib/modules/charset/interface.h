// What the charset module and libcrm say to each other. The module links uchardet and ICU, and nothing of
// libcrm.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace crm {

struct CharsetGuess {
  std::array<char, 32> name{};  // as the library calls it ("Shift_JIS", "windows-1252"), NUL at its end
  int confidence = 0;           // from 0 to 100; uchardet gives none
};

// What the entry point `crm_module_charset` returns. Neither function throws anything of its own.
struct CharsetModule {
  // What uchardet takes the bytes for; false where it has no guess.
  bool (*ask_uchardet)(std::string_view bytes, CharsetGuess& into);
  // Writes at most `most` guesses of ICU's, the likelier before the others, and returns how many.
  std::size_t (*ask_icu)(std::string_view bytes, CharsetGuess* into, std::size_t most);
};

}  // namespace crm
