#include "base/text.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include "base/width.h"

namespace crm {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

std::uint8_t byte_at(std::string_view text, std::size_t at) {
  return static_cast<std::uint8_t>(text[at]);
}

bool continues(std::string_view text, std::size_t at) {
  return at < text.size() && (byte_at(text, at) & 0xC0) == 0x80;
}

std::size_t ascii_prefix_size(std::string_view text) {
  std::size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, 8);
    if ((word & 0x8080808080808080U) != 0) break;
  }
  while (at < text.size() && byte_at(text, at) < 0x80) ++at;
  return at;
}

// Most Chinese characters (U+4000 to U+9FFF), told by little.
bool begins_with_ideograph(std::string_view text, std::size_t at) {
  return text.size() - at >= 3 && byte_at(text, at) >= 0xE4 && byte_at(text, at) <= 0xE9 &&
         (byte_at(text, at + 1) & 0xC0) == 0x80 && (byte_at(text, at + 2) & 0xC0) == 0x80;
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

// The last character's first byte, given that the text is not empty.
std::size_t last_character_start(std::string_view text) {
  const std::size_t end = text.size();
  for (std::size_t size = 1; size <= 4 && size <= end; ++size) {
    const std::size_t at = end - size;
    if ((byte_at(text, at) & 0xC0) != 0x80)
      return first_character_size(text.substr(at)) == size ? at : end - 1;
  }
  return end - 1;
}

}  // namespace

// The well-formed byte sequences of the Unicode Standard, table 3-7.
std::size_t first_character_size(std::string_view text) {
  if (text.empty()) return 0;
  const std::uint8_t first = byte_at(text, 0);
  if (first < 0x80) return 1;
  if (first < 0xC2 || first > 0xF4 || !continues(text, 1)) return 0;
  if (first < 0xE0) return 2;
  const std::uint8_t second = byte_at(text, 1);
  if (!continues(text, 2)) return 0;
  if (first < 0xF0) {
    const bool overlong = first == 0xE0 && second < 0xA0;
    const bool surrogate = first == 0xED && second >= 0xA0;
    return overlong || surrogate ? 0 : 3;
  }
  const bool overlong = first == 0xF0 && second < 0x90;
  const bool too_large = first == 0xF4 && second >= 0x90;
  return overlong || too_large || !continues(text, 3) ? 0 : 4;
}

std::size_t find_invalid_utf8(std::string_view text) {
  std::size_t at = 0;
  while (true) {
    at += ascii_prefix_size(text.substr(at));
    if (at == text.size()) return std::string_view::npos;
    while (at < text.size() && byte_at(text, at) >= 0x80) {
      const std::size_t size = begins_with_ideograph(text, at) ? 3 : first_character_size(text.substr(at));
      if (size == 0) return at;
      at += size;
    }
  }
}

std::string with_replacements(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (true) {
    const std::size_t invalid = find_invalid_utf8(text);
    out += text.substr(0, invalid);
    if (invalid == std::string_view::npos) return out;
    out += kReplacement;
    text.remove_prefix(invalid + 1);
  }
}

std::size_t character_count(std::string_view text) {
  std::size_t count = 0;
  while (!text.empty()) {
    const std::size_t ascii = ascii_prefix_size(text);
    count += ascii;
    text.remove_prefix(ascii);
    if (text.empty()) break;
    text.remove_prefix(std::max<std::size_t>(1, first_character_size(text)));
    ++count;
  }
  return count;
}

void append_utf8(std::string& out, char32_t character) {
  const auto piece = [](char32_t bits, unsigned marker) { return static_cast<char>(bits | marker); };
  if (character < 0x80) {
    out += piece(character, 0);
  } else if (character < 0x800) {
    const std::array bytes = {piece(character >> 6, 0xC0), piece(character & 0x3F, 0x80)};
    out.append(bytes.data(), bytes.size());
  } else if (character < 0x10000) {
    const std::array bytes = {piece(character >> 12, 0xE0), piece((character >> 6) & 0x3F, 0x80),
                              piece(character & 0x3F, 0x80)};
    out.append(bytes.data(), bytes.size());
  } else {
    const std::array bytes = {piece(character >> 18, 0xF0), piece((character >> 12) & 0x3F, 0x80),
                              piece((character >> 6) & 0x3F, 0x80), piece(character & 0x3F, 0x80)};
    out.append(bytes.data(), bytes.size());
  }
}

char32_t next_character(std::string_view& text) {
  const std::size_t size = first_character_size(text);
  const auto low = [&text](std::size_t at) { return char32_t{byte_at(text, at)} & 0x3F; };
  char32_t character = 0xFFFD;
  switch (size) {
    case 1:
      character = byte_at(text, 0);
      break;
    case 2:
      character = (char32_t{byte_at(text, 0)} & 0x1F) << 6 | low(1);
      break;
    case 3:
      character = (char32_t{byte_at(text, 0)} & 0x0F) << 12 | low(1) << 6 | low(2);
      break;
    case 4:
      character = (char32_t{byte_at(text, 0)} & 0x07) << 18 | low(1) << 12 | low(2) << 6 | low(3);
      break;
    default:
      break;
  }
  text.remove_prefix(std::max<std::size_t>(1, size));
  return character;
}

bool is_white_space(char32_t character) {
  if (character < 0x80) return character == ' ' || (character >= '\t' && character <= '\r');
  return character == 0x85 || character == 0xA0 || character == 0x1680 ||
         (character >= 0x2000 && character <= 0x200A) || character == 0x2028 || character == 0x2029 ||
         character == 0x202F || character == 0x205F || character == 0x3000;
}

std::string_view trimmed(std::string_view text) {
  const auto is_graph = [](char c) { return c > ' ' && c < 0x7F; };
  const bool begins = !text.empty() && (is_graph(text.front()) || begins_with_ideograph(text, 0));
  if (begins && (is_graph(text.back()) || (text.size() >= 3 && begins_with_ideograph(text, text.size() - 3))))
    return text;
  while (!text.empty()) {
    std::string_view rest = text;
    if (!is_white_space(next_character(rest))) break;
    text = rest;
  }
  while (!text.empty()) {
    const std::size_t start = last_character_start(text);
    std::string_view last = text.substr(start);
    if (!is_white_space(next_character(last))) break;
    text = text.substr(0, start);
  }
  return text;
}

std::string ascii_lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), lower);
  return out;
}

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

std::string listed(const std::vector<std::string>& names) {
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) out += i + 1 == names.size() ? " and " : ", ";
    out += quoted(names[i]);
  }
  return out;
}

std::string quoted(std::string_view text) {
  constexpr std::size_t kMostCells = 60;
  return '\'' + cut_to_width(visible(text), kMostCells) + '\'';
}

}  // namespace crm
