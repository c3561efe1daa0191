// What the targets do about encodings, which take longer to tell than the text to read.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "base/text.h"
#include "exchange/encoding.h"

namespace crm {

// The C library would load and unload its converters again for each input.
inline void keep_converters() {
  [[maybe_unused]] static const std::array kept = {open_converter("GB18030"),      open_converter("CP950"),
                                                   open_converter("CP932"),        open_converter("CP949"),
                                                   open_converter("WINDOWS-1252"), open_converter("CP1250"),
                                                   open_converter("CP1251"),       open_converter("CP1253"),
                                                   open_converter("KOI8-R"),       open_converter("EUC-JP")};
}

// The encoding to name to a reader of the bytes; empty where it shall tell it itself: of UTF-8, of bytes with
// a mark, and of one in four others.
inline std::string named_encoding(std::string_view bytes) {
  constexpr std::array<std::string_view, 4> kNames = {"", "utf-8", "gb18030", "windows-1252"};
  if (is_valid_utf8(bytes) || byte_order_mark(bytes)) return {};
  return std::string(kNames[bytes.size() % kNames.size()]);
}

}  // namespace crm
