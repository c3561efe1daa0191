// Which encoding a text is in: by name, by its byte order mark, or from what its bytes can only be.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace crm {

// The name that iconv takes for what a user calls an encoding ("utf8", "gbk", "Windows-1252"): GB 2312 and
// GBK are read as GB18030, which holds them. Throws Error{usage} for one that the system does not know.
std::string encoding_by_name(std::string_view name);

// What people call the encoding: "Big5" for CP950, "Shift-JIS" for CP932.
std::string_view encoding_label(std::string_view encoding);

// An iconv converter from the encoding into UTF-8, for iconv_close() to close; null where the system does not
// know it.
void* open_converter(const std::string& encoding);

struct ByteOrderMark {
  std::string_view encoding;  // "UTF-8", "UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE"
  std::size_t size;           // bytes
};
std::optional<ByteOrderMark> byte_order_mark(std::string_view text);

// The encoding of the text from its bytes alone: UTF-8, UTF-16 and GB18030 by what they can only be, others
// (Big5, Shift-JIS, Windows-1252 …) by what is likely. "UTF-8" where most of it is that, or nothing else is
// likely: then reading it fails at the first byte that is wrong, instead of storing mangled characters.
// `whole` says that the text is not cut off at its end.
std::string guess_encoding(std::string_view text, bool whole);

// Which encodings the bytes could be in, with what each makes of them, such as "gb18030 reads '张伟', big5
// …": to choose from. `bytes` is cut off anywhere. Empty where none fits.
std::string possible_readings(std::string_view bytes);

// What a file of these first bytes is that can be no text ("a ZIP archive (such as XLSX)"), or null.
const char* binary_format(std::string_view head);

// Whether the text holds only ASCII, NUL not included. The bytes of such a text say nothing about its
// encoding.
bool is_plain_ascii(std::string_view text);

}  // namespace crm
