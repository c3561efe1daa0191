// SQLite's numbers of one to nine bytes, big end first, as the tables behind the search index hold them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace crm {

inline void append_varint(std::string& out, std::uint64_t number) {
  if (number < 0x80) {
    out += static_cast<char>(number);
    return;
  }
  if (number < 0x4000) {
    const char both[] = {static_cast<char>(0x80 | (number >> 7)), static_cast<char>(number & 0x7F)};
    out.append(both, sizeof both);
    return;
  }
  constexpr int kMost = 9;
  char bytes[kMost];
  int begin = kMost;
  if (number >> 56 != 0) {  // the ninth byte holds eight bits
    bytes[--begin] = static_cast<char>(number & 0xFF);
    for (number >>= 8; begin > 0; number >>= 7) bytes[--begin] = static_cast<char>(0x80 | (number & 0x7F));
  } else {
    bytes[--begin] = static_cast<char>(number & 0x7F);
    for (number >>= 7; number != 0; number >>= 7) bytes[--begin] = static_cast<char>(0x80 | (number & 0x7F));
  }
  out.append(bytes + begin, static_cast<std::size_t>(kMost - begin));
}

constexpr std::size_t varint_size(std::uint64_t number) {
  std::size_t size = 1;
  for (number >>= 7; number != 0 && size < 9; number >>= 7) ++size;
  return size;
}

// Takes one from the front. False where the bytes end within it.
inline bool take_varint(std::string_view& bytes, std::uint64_t& number) {
  number = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    const bool ninth = i == 8;
    number = ninth ? (number << 8) | byte : (number << 7) | (byte & 0x7FU);
    if (!ninth && byte >= 0x80) continue;
    bytes.remove_prefix(i + 1);
    return true;
  }
  return false;
}

}  // namespace crm
