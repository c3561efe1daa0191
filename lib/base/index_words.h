// A text's words as FTS5's tokenizer "ascii" finds them, by which the search index is built.
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace crm {

// FTS5 cuts off the rest of a longer one.
inline constexpr std::size_t kLongestIndexWord = 32768;

// Of each byte the one that stands for it in a word: letters in lower case, digits, and whatever is not
// ASCII; NUL for those between words.
inline constexpr std::array<char, 256> kIndexWordBytes = [] {
  std::array<char, 256> bytes{};
  for (int c = 0; c < 256; ++c) {
    const bool upper = c >= 'A' && c <= 'Z';
    if (upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c >= 0x80)
      bytes[static_cast<std::size_t>(c)] = static_cast<char>(upper ? c - 'A' + 'a' : c);
  }
  return bytes;
}();

constexpr char index_word_byte(char c) {
  return kIndexWordBytes[static_cast<unsigned char>(c)];
}

// Whether it stands for itself.
inline constexpr std::array<bool, 256> kStaysInIndexWord = [] {
  std::array<bool, 256> stays{};
  for (std::size_t c = 1; c < stays.size(); ++c) stays[c] = kIndexWordBytes[c] == static_cast<char>(c);
  return stays;
}();

// Gives `visit` each word in turn; it is gone after the call.
template <typename Visit>
void each_index_word(std::string_view text, Visit visit) {
  std::string folded;
  for (std::size_t i = 0; i < text.size();) {
    if (index_word_byte(text[i]) == '\0') {
      ++i;
      continue;
    }
    const std::size_t begin = i;
    while (i < text.size() && kStaysInIndexWord[static_cast<unsigned char>(text[i])]) ++i;
    const bool same = i == text.size() || index_word_byte(text[i]) == '\0';
    while (i < text.size() && index_word_byte(text[i]) != '\0') ++i;
    const std::string_view word = text.substr(begin, std::min(i - begin, kLongestIndexWord));
    if (same) {
      visit(word);
      continue;
    }
    folded = word;
    std::transform(folded.begin(), folded.end(), folded.begin(), index_word_byte);
    visit(std::string_view(folded));
  }
}

}  // namespace crm
