// SQLite's numbers of one to nine bytes, big end first, as the tables behind the search index hold them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace crm {

inline constexpr std::size_t kLongestVarint = 9;

constexpr std::size_t varint_size(std::uint64_t number) {
  std::size_t size = 1;
  for (number >>= 7; number != 0 && size < kLongestVarint; number >>= 7) ++size;
  return size;
}

// Writes one where there is room for it; returns its end.
inline char* put_varint(char* at, std::uint64_t number) {
  if (number < 0x80) {
    *at = static_cast<char>(number);
    return at + 1;
  }
  if (number < 0x4000) {
    at[0] = static_cast<char>(0x80 | (number >> 7));
    at[1] = static_cast<char>(number & 0x7F);
    return at + 2;
  }
  char* const end = at + varint_size(number);
  char* byte = end;
  if (number >> 56 != 0) {  // the ninth byte holds eight bits
    *--byte = static_cast<char>(number & 0xFF);
    number >>= 8;
  } else {
    *--byte = static_cast<char>(number & 0x7F);
    number >>= 7;
  }
  for (; byte > at; number >>= 7) *--byte = static_cast<char>(0x80 | (number & 0x7F));
  return end;
}

inline void append_varint(std::string& out, std::uint64_t number) {
  if (number < 0x80) {
    out += static_cast<char>(number);
    return;
  }
  char bytes[kLongestVarint];
  out.append(bytes, static_cast<std::size_t>(put_varint(bytes, number) - bytes));
}

// Takes one from the front. False where the bytes end within it.
inline bool take_varint(std::string_view& bytes, std::uint64_t& number) {
  if (!bytes.empty() && static_cast<unsigned char>(bytes.front()) < 0x80) {  // most are so short
    number = static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    return true;
  }
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
