#include "base/han.h"

#include "base/han_table.h"
#include "base/text.h"

namespace crm {
namespace {

constexpr char32_t kFirst = 0x4E00;
constexpr char32_t kLast = 0x9FFF;

bool is_in_table(char32_t character) {
  return character >= kFirst && character <= kLast;
}

}  // namespace

std::string_view pinyin(char32_t character) {
  return is_in_table(character) ? kSyllables[kHanTable[character - kFirst].reading] : std::string_view();
}

std::string_view surname_pinyin(char32_t character) {
  return is_in_table(character) ? kSyllables[kHanTable[character - kFirst].surname] : std::string_view();
}

char32_t simplified(char32_t character) {
  return is_in_table(character) ? kHanTable[character - kFirst].simplified : character;
}

std::string simplified(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) append_utf8(out, simplified(next_character(text)));
  return out;
}

void append_name_readings(std::string& out, std::string_view name) {
  constexpr std::size_t kMost = 12;
  char initials[kMost];
  std::size_t count = 0;
  const std::size_t start = out.size();
  for (std::size_t i = 0; i < name.size() && count < kMost;) {
    if (static_cast<unsigned char>(name[i]) < 0xE4) {  // no character of the table begins with less
      ++i;
      continue;
    }
    std::string_view rest = name.substr(i);
    const char32_t character = next_character(rest);
    i = name.size() - rest.size();
    const std::string_view syllable = count == 0 ? surname_pinyin(character) : pinyin(character);
    if (syllable.empty()) continue;
    if (count == 0) out += ' ';
    out += syllable;
    initials[count++] = syllable.front();
  }
  if (out.size() == start) return;
  out += ' ';
  out.append(initials, count);
}

}  // namespace crm
