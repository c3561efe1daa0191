// What the charset module and libcrm say to each other. The module links uchardet and ICU, and nothing of
// libcrm.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace crm {

struct CharsetGuess {
  std::array<char, 32> name{};  // as the library calls it ("Shift_JIS", "windows-1252"), NUL at its end
  int confidence = 0;           // from 0 to 100; -1 where the library gives none
};

// What the entry point `crm_module_charset` returns.
struct CharsetModule {
  // Writes at most `most` guesses of what the bytes are encoded in: uchardet's first, where it has one, then
  // ICU's, the likelier before the others. Returns how many. Throws nothing of its own.
  std::size_t (*guess)(std::string_view bytes, CharsetGuess* into, std::size_t most);
};

}  // namespace crm
