#include "exchange/encoding.h"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <utility>

#include "base/text.h"
#include "base/width.h"
#include "crm/error.h"
#include "modules/charset.h"

namespace crm {
namespace {

bool is_between(unsigned char byte, unsigned char low, unsigned char high) {
  return byte >= low && byte <= high;
}
unsigned char byte_at(std::string_view text, std::size_t i) {
  return static_cast<unsigned char>(text[i]);
}

// UTF-16 without a mark: the high bytes of ASCII characters are NULs, nearly all on one side (U+4E00 and some
// others have one on the other).
std::optional<std::string_view> guess_utf16(std::string_view text) {
  std::array<std::size_t, 2> nulls{};
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\0') ++nulls[i % 2];
  }
  const std::size_t enough = std::max<std::size_t>(2, text.size() / 20);
  if (nulls[1] >= enough && nulls[0] * 4 <= nulls[1]) return "UTF-16LE";
  if (nulls[0] >= enough && nulls[1] * 4 <= nulls[0]) return "UTF-16BE";
  return std::nullopt;
}

// Whether more of the text is UTF-8 than is not: then a few wrong bytes are damage, not another encoding.
bool is_damaged_utf8(std::string_view text) {
  std::size_t wrong = 0;
  std::size_t characters = 0;  // of three and more bytes, which hardly ever arise by chance
  while (!text.empty()) {
    const std::size_t valid = std::min(find_invalid_utf8(text), text.size());
    characters += static_cast<std::size_t>(
        std::count_if(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(valid),
                      [](char byte) { return static_cast<unsigned char>(byte) >= 0xE0; }));
    if (valid == text.size()) break;
    ++wrong;
    text.remove_prefix(valid + 1);
  }
  return characters > wrong;
}

// What the two-byte characters of a text are when it is read as GB18030.
struct ChineseCount {
  std::size_t common = 0;  // GB 2312 level 1, leads B0–D7
  std::size_t late = 0;    // of these, leads from C9: Korean in EUC-KR has none
  std::size_t other = 0;   // level 2, the extensions, kana, other scripts
};

// Nothing where the bytes are no GB18030.
std::optional<ChineseCount> count_chinese(std::string_view text, bool whole) {
  ChineseCount count;
  for (std::size_t i = 0; i < text.size();) {
    const unsigned char lead = byte_at(text, i);
    if (lead < 0x80) {
      ++i;
      continue;
    }
    if (lead == 0x80 || lead == 0xFF) return std::nullopt;
    if (i + 1 == text.size()) return whole ? std::nullopt : std::optional(count);
    const unsigned char trail = byte_at(text, i + 1);
    if (is_between(trail, '0', '9')) {
      if (i + 4 > text.size()) return whole ? std::nullopt : std::optional(count);
      if (!is_between(byte_at(text, i + 2), 0x81, 0xFE) || !is_between(byte_at(text, i + 3), '0', '9')) {
        return std::nullopt;
      }
      i += 4;
      continue;
    }
    if (trail < 0x40 || trail == 0x7F || trail == 0xFF) return std::nullopt;
    if (trail >= 0xA1 && is_between(lead, 0xB0, 0xD7)) {
      ++count.common;
      if (lead >= 0xC9) ++count.late;
    } else if (trail < 0xA1 || !is_between(lead, 0xA1, 0xA3)) {
      ++count.other;
    }
    i += 2;
  }
  return count;
}

// Chinese text is nearly all level 1, and spread over it. Accented Latin letters before ASCII ones read as
// extensions, Cyrillic and Greek as level 2, Big5 and Shift-JIS as a mix, Korean as the first half of
// level 1.
bool is_chinese(std::string_view text, bool whole) {
  const auto count = count_chinese(text, whole);
  return count && count->common >= 2 && count->common >= 3 * count->other &&
         count->late * 10 >= count->common;
}

std::string upper(std::string_view name) {
  std::string out(name);
  for (char& character : out) {
    if (character >= 'a' && character <= 'z') character = static_cast<char>(character - 'a' + 'A');
  }
  return out;
}

}  // namespace

std::string encoding_by_name(std::string_view name) {
  static constexpr std::pair<std::string_view, std::string_view> kNames[] = {
      {"UTF8", "UTF-8"},
      {"GBK", "GB18030"},
      {"GB2312", "GB18030"},
      {"CP936", "GB18030"},
      {"GB-18030", "GB18030"},
      {"UTF16", "UTF-16"},
      {"UTF16LE", "UTF-16LE"},
      {"UTF16BE", "UTF-16BE"},
      {"WINDOWS-936", "GB18030"},
      {"ANSI", "WINDOWS-1252"},
      {"CP1252", "WINDOWS-1252"},
      // The code pages of Windows hold the standards' characters and more; glibc's SHIFT-JIS takes the
      // backslash for a yen sign.
      {"BIG5", "CP950"},
      {"BIG-5", "CP950"},
      {"SHIFT-JIS", "CP932"},
      {"SHIFT_JIS", "CP932"},
      {"SHIFTJIS", "CP932"},
      {"SJIS", "CP932"},
      {"WINDOWS-31J", "CP932"},
      {"EUC-KR", "CP949"},
  };
  std::string known = upper(trimmed(name));
  for (const auto& [alias, meant] : kNames) {
    if (known == alias) known = meant;
  }
  // glibc takes suffixes such as //IGNORE, which would drop characters silently.
  const bool has_suffix = known.find('/') != std::string::npos;
  const iconv_t converter = known.empty() || has_suffix ? nullptr : open_converter(known);
  if (converter == nullptr) {
    throw Error(ErrorCode::usage, "unknown encoding " + quoted(name),
                "name one such as utf-8, gb18030, big5, utf-16, windows-1252 or shift-jis");
  }
  iconv_close(converter);
  return known;
}

std::string_view encoding_label(std::string_view encoding) {
  static constexpr std::pair<std::string_view, std::string_view> kLabels[] = {
      {"CP950", "Big5"}, {"CP932", "Shift-JIS"}, {"CP949", "EUC-KR"}, {"WINDOWS-1252", "Windows-1252"}};
  for (const auto& [name, label] : kLabels) {
    if (name == encoding) return label;
  }
  return encoding;
}

void* open_converter(const std::string& encoding) {
  const iconv_t converter = iconv_open("UTF-8", encoding.c_str());
  return reinterpret_cast<std::intptr_t>(converter) == -1 ? nullptr : converter;
}

std::optional<ByteOrderMark> byte_order_mark(std::string_view text) {
  using namespace std::string_view_literals;
  static constexpr std::pair<std::string_view, std::string_view> kMarks[] = {
      {"\xEF\xBB\xBF"sv, "UTF-8"},       {"\xFF\xFE\0\0"sv, "UTF-32LE"}, {"\0\0\xFE\xFF"sv, "UTF-32BE"},
      {"\x84\x31\x95\x33"sv, "GB18030"}, {"\xFF\xFE"sv, "UTF-16LE"},     {"\xFE\xFF"sv, "UTF-16BE"},
  };
  for (const auto& [mark, encoding] : kMarks) {
    if (text.starts_with(mark)) return ByteOrderMark{encoding, mark.size()};
  }
  return std::nullopt;
}

std::string guess_encoding(std::string_view text, bool whole) {
  if (const auto utf16 = guess_utf16(text)) return std::string(*utf16);
  const std::size_t wrong = find_invalid_utf8(text);
  if (wrong == std::string_view::npos || (!whole && text.size() - wrong < 4)) return "UTF-8";
  if (is_damaged_utf8(text) || text.find('\0') != std::string_view::npos) return "UTF-8";
  if (is_chinese(text, whole)) return "GB18030";
  const std::string likely = likely_charset(text, whole);
  return likely.empty() ? "UTF-8" : likely;
}

std::string possible_readings(std::string_view bytes) {
  static constexpr std::pair<const char*, const char*> kChoices[] = {
      {"gb18030", "GB18030"},           {"big5", "CP950"},
      {"shift-jis", "CP932"},           {"euc-kr", "CP949"},
      {"windows-1252", "WINDOWS-1252"}, {"windows-1250", "CP1250"},
      {"windows-1251", "CP1251"}};
  constexpr std::size_t kMostBytes = 32, kMostShown = 12;
  bytes = bytes.substr(0, std::min(bytes.find_first_of("\r\n"), kMostBytes));
  std::string readings;
  for (const auto& [name, encoding] : kChoices) {
    const iconv_t converter = open_converter(encoding);
    if (converter == nullptr) continue;
    std::string in(bytes), out(bytes.size() * 4, '\0');
    char* from = in.data();
    char* to = out.data();
    std::size_t left = in.size(), room = out.size();
    const bool fits =
        iconv(converter, &from, &left, &to, &room) != static_cast<std::size_t>(-1) || errno == EINVAL;
    iconv_close(converter);
    out.resize(out.size() - room);
    out.resize(std::min(out.find_first_of(",;\t|\""), out.size()));
    if (!fits || out.empty()) continue;
    readings += readings.empty() ? "" : ", ";
    readings.append(name).append(" reads ").append(quoted(cut_to_width(visible(out), kMostShown)));
  }
  return readings;
}

const char* binary_format(std::string_view head) {
  if (head.starts_with("PK\x03\x04")) return "a ZIP archive (such as XLSX)";
  if (head.starts_with("\xD0\xCF\x11\xE0")) return "an old Office document (such as XLS)";
  if (head.starts_with("\x1F\x8B")) return "compressed by gzip";
  if (head.starts_with("%PDF-")) return "a PDF document";
  return head.starts_with("SQLite format 3") ? "an SQLite database" : nullptr;
}

bool is_plain_ascii(std::string_view text) {
  // Subtracting 1 makes 0 wrap round, so that one test of the highest bit finds NUL and all that is no ASCII.
  constexpr std::uint64_t kHigh = 0x8080808080808080;
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  std::size_t i = 0;
  for (; i + 8 <= text.size(); i += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + i, 8);
    if (((word | (word - kOnes)) & kHigh) != 0) return false;
  }
  for (; i < text.size(); ++i) {
    if (text[i] == '\0' || byte_at(text, i) >= 0x80) return false;
  }
  return true;
}

}  // namespace crm
