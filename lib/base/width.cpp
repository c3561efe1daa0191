#include "base/width.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>

#include "base/text.h"

namespace crm {
namespace {

constexpr char32_t kEmojiPresentation = 0xFE0F;

bool is_regional_indicator(char32_t c) {
  return c >= 0x1F1E6 && c <= 0x1F1FF;
}

std::size_t character_width(char32_t c) {
  return static_cast<std::size_t>(std::max(0, utf8proc_charwidth(static_cast<utf8proc_int32_t>(c))));
}

struct Grapheme {
  std::size_t size = 0;   // bytes
  std::size_t width = 0;  // cells
};

// The grapheme cluster (UAX #29) that the text begins with; the text is not empty.
Grapheme first_grapheme(std::string_view text) {
  std::string_view rest = text;
  char32_t last = next_character(rest);
  Grapheme grapheme{text.size() - rest.size(), character_width(last)};
  utf8proc_int32_t state = 0;
  while (!rest.empty()) {
    const char32_t character = next_character(rest);
    if (utf8proc_grapheme_break_stateful(static_cast<utf8proc_int32_t>(last),
                                         static_cast<utf8proc_int32_t>(character), &state)) {
      break;
    }
    const bool flag = is_regional_indicator(last) && is_regional_indicator(character);
    const std::size_t width = character == kEmojiPresentation || flag ? 2 : character_width(character);
    grapheme.width = std::max(grapheme.width, width);
    grapheme.size = text.size() - rest.size();
    last = character;
  }
  return grapheme;
}

bool is_printable_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
}

bool must_be_shown(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029 || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2066 && c <= 0x2069);
}

void append_escape(std::string& out, char32_t c) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  switch (c) {
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      break;
  }
  out += c < 0x100 ? "\\x" : "\\u";
  for (int shift = c < 0x100 ? 4 : 12; shift >= 0; shift -= 4) out += kDigits[(c >> shift) & 0xF];
}

}  // namespace

std::size_t display_width(std::string_view text) {
  if (is_printable_ascii(text)) return text.size();
  std::size_t width = 0;
  while (!text.empty()) {
    const Grapheme grapheme = first_grapheme(text);
    width += grapheme.width;
    text.remove_prefix(grapheme.size);
  }
  return width;
}

std::string visible(std::string_view text) {
  if (is_printable_ascii(text)) return std::string(text);
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t size = first_character_size(text);
    if (size == 0) {
      append_escape(out, static_cast<unsigned char>(text.front()));
      text.remove_prefix(1);
      continue;
    }
    const std::string_view bytes = text.substr(0, size);
    const char32_t character = next_character(text);
    if (must_be_shown(character)) {
      append_escape(out, character);
    } else {
      out += bytes;
    }
  }
  return out;
}

std::string cut_to_width(std::string_view text, std::size_t cells) {
  if (text.size() <= cells && is_printable_ascii(text)) return std::string(text);
  if (cells == 0) return {};
  std::size_t width = 0;
  std::size_t kept = 0;  // bytes that leave a cell for the ellipsis
  for (std::size_t at = 0; at < text.size();) {
    const Grapheme grapheme = first_grapheme(text.substr(at));
    width += grapheme.width;
    at += grapheme.size;
    if (width > cells) return std::string(text.substr(0, kept)) + "…";
    if (width < cells) kept = at;
  }
  return std::string(text);
}

std::string_view first_characters(std::string_view text, std::size_t count) {
  std::string_view rest = text;
  for (; count > 0 && !rest.empty(); --count) next_character(rest);
  return text.substr(0, text.size() - rest.size());
}

}  // namespace crm
