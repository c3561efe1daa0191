#include "modules/japanese_text.h"

#include <cstddef>

namespace crm {
namespace {

constexpr std::size_t kFewestKana = 2;
constexpr std::size_t kFewestOthers = 4;  // of a text without kana

bool within(unsigned value, unsigned low, unsigned high) {
  return value >= low && value <= high;
}

}  // namespace

bool looks_shift_jis(std::string_view text, bool whole) {
  std::size_t kana = 0, usual = 0, rare = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto lead = static_cast<unsigned char>(text[i]);
    if (lead < 0x80) continue;
    if (i + 1 == text.size()) return !whole && kana >= kFewestKana;
    const auto trail = static_cast<unsigned char>(text[++i]);
    const bool pair =
        (within(lead, 0x81, 0x9F) || within(lead, 0xE0, 0xEA)) && within(trail, 0x40, 0xFC) && trail != 0x7F;
    if (!pair) return false;
    const unsigned character = lead * 256U + trail;
    if (within(character, 0x829F, 0x82F1) || within(character, 0x8340, 0x8396)) {
      ++kana;
    } else if (within(character, 0x889F, 0x9872)) {
      ++usual;
    } else if (lead != 0x81 && !within(character, 0x824F, 0x829A)) {  // signs, full-width letters and digits
      ++rare;
    }
  }
  if (kana >= kFewestKana) return rare <= kana + usual;
  return kana + usual >= kFewestOthers && rare == 0;
}

}  // namespace crm
