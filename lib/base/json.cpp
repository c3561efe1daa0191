#include "base/json.h"

#include <array>
#include <cstdint>
#include <cstring>

#include "base/text.h"

namespace crm {
namespace {

// What each byte needs: nothing, an escape, or a look at the whole character.
enum class Need : std::uint8_t { nothing, escape, decoding };

constexpr std::array<Need, 256> kNeeds = [] {
  std::array<Need, 256> needs{};
  for (std::size_t byte = 0; byte < 0x20; ++byte) needs[byte] = Need::escape;
  needs['"'] = Need::escape;
  needs['\\'] = Need::escape;
  needs[0x7F] = Need::nothing;
  for (std::size_t byte = 0x80; byte < 0x100; ++byte) needs[byte] = Need::decoding;
  return needs;
}();

void append_escape(std::string& out, unsigned char byte) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  switch (byte) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\b':
      out += "\\b";
      return;
    case '\f':
      out += "\\f";
      return;
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
  out += "\\u00";
  out += kDigits[byte >> 4];
  out += kDigits[byte & 0xF];
}

// Whether all eight bytes are ASCII and stand for themselves. Each term sets the high bit of a byte that does
// not.
bool are_plain(std::uint64_t bytes) {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  constexpr std::uint64_t kHighBits = 0x80 * kOnes;
  const auto zero_bytes = [](std::uint64_t word) { return (word - kOnes) & ~word; };
  const std::uint64_t controls = bytes - 0x20 * kOnes;
  const std::uint64_t quotes = zero_bytes(bytes ^ ('"' * kOnes));
  const std::uint64_t backslashes = zero_bytes(bytes ^ ('\\' * kOnes));
  return ((bytes | controls | quotes | backslashes) & kHighBits) == 0;
}

// The bytes that the text begins with and that stand for themselves in JSON.
std::size_t plain_size(std::string_view text) {
  std::size_t at = 0;
  for (std::uint64_t bytes = 0; at + sizeof bytes <= text.size(); at += sizeof bytes) {
    std::memcpy(&bytes, text.data() + at, sizeof bytes);
    if (!are_plain(bytes)) break;
  }
  while (at < text.size()) {
    const Need need = kNeeds[static_cast<unsigned char>(text[at])];
    if (need == Need::nothing) {
      ++at;
      continue;
    }
    if (need == Need::escape) return at;
    const std::string_view rest = text.substr(at);
    const std::size_t size = first_character_size(rest);
    const bool separator = rest.starts_with("\xE2\x80\xA8") || rest.starts_with("\xE2\x80\xA9");
    if (size == 0 || separator) return at;
    at += size;
  }
  return at;
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  while (true) {
    const std::size_t plain = plain_size(text);
    out.append(text.data(), plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    const auto byte = static_cast<unsigned char>(text.front());
    if (byte < 0x80) {
      append_escape(out, byte);
      text.remove_prefix(1);
    } else if (first_character_size(text) == 0) {
      out += "\xEF\xBF\xBD";
      text.remove_prefix(1);
    } else {
      out += text[2] == '\xA8' ? "\\u2028" : "\\u2029";
      text.remove_prefix(3);
    }
  }
  out += '"';
}

}  // namespace crm
