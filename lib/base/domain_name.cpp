#include "base/domain_name.h"

#include <utf8proc.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>

#include "base/text.h"

namespace crm {
namespace {

constexpr std::size_t kLongestLabel = 63;    // RFC 1035, 2.3.4
constexpr std::size_t kLongestDomain = 253;  // likewise, as text without its final full stop
constexpr std::string_view kEncoded = "xn--";

// Of RFC 3492, 5.
constexpr std::uint32_t kBase = 36;
constexpr std::uint32_t kLeastThreshold = 1;
constexpr std::uint32_t kMostThreshold = 26;
constexpr std::uint32_t kSkew = 38;
constexpr std::uint32_t kDamp = 700;
constexpr std::uint32_t kFirstBias = 72;
constexpr std::uint32_t kFirstNonAscii = 0x80;

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

char digit_of(std::uint32_t value) {
  return static_cast<char>(value < 26 ? 'a' + value : '0' + (value - 26));
}

std::uint32_t adapted_bias(std::uint32_t delta, std::uint32_t count, bool first) {
  delta = first ? delta / kDamp : delta / 2;
  delta += delta / count;
  std::uint32_t k = 0;
  for (; delta > (kBase - kLeastThreshold) * kMostThreshold / 2; k += kBase) delta /= kBase - kLeastThreshold;
  return k + (kBase - kLeastThreshold + 1) * delta / (delta + kSkew);
}

void append_number(std::string& out, std::uint32_t number, std::uint32_t bias) {
  for (std::uint32_t k = kBase;; k += kBase) {
    const std::uint32_t threshold = k <= bias ? kLeastThreshold : std::min(k - bias, kMostThreshold);
    if (number < threshold) break;
    out += digit_of(threshold + (number - threshold) % (kBase - threshold));
    number = (number - threshold) / (kBase - threshold);
  }
  out += digit_of(number);
}

// RFC 3492, 6.3. A label has at most 63 characters, so nothing overflows.
std::string punycode(std::u32string_view label) {
  std::string out;
  for (const char32_t c : label) {
    if (c < kFirstNonAscii) out += static_cast<char>(c);
  }
  const auto plain = static_cast<std::uint32_t>(out.size());
  if (plain > 0) out += '-';
  std::uint32_t next = kFirstNonAscii;
  std::uint32_t delta = 0;
  std::uint32_t bias = kFirstBias;
  for (std::uint32_t done = plain; done < label.size(); ++next, ++delta) {
    std::uint32_t least = UINT32_MAX;
    for (const char32_t c : label) {
      if (c >= next) least = std::min(least, static_cast<std::uint32_t>(c));
    }
    delta += (least - next) * (done + 1);
    next = least;
    for (const char32_t c : label) {
      if (c < next) ++delta;
      if (c != next) continue;
      append_number(out, delta, bias);
      bias = adapted_bias(delta, done + 1, done == plain);
      delta = 0;
      ++done;
    }
  }
  return out;
}

// Compatible forms as one (full width, composed), letters small. "ß" stays: it is another name than "ss".
std::string levelled(const std::string& domain) {
  const auto composed = [](const std::string& text) {
    utf8proc_uint8_t* bytes = nullptr;
    const auto size = utf8proc_map(
        reinterpret_cast<const utf8proc_uint8_t*>(text.data()), static_cast<utf8proc_ssize_t>(text.size()),
        &bytes, static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT));
    const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(bytes, &std::free);
    return size < 0 ? std::string()
                    : std::string(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
  };
  std::string small;
  const std::string first = composed(domain);
  for (std::string_view rest = first; !rest.empty();) {
    const char32_t c = next_character(rest);
    append_utf8(
        small, c == 0x3002 ? '.' : static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(c))));
  }
  return composed(small);
}

// Letters, digits and the marks that belong to letters: what RFC 5892 calls PVALID, but for a few signs.
bool may_stand_in_label(char32_t c) {
  if (c < kFirstNonAscii) return c == '-' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
  switch (utf8proc_category(static_cast<utf8proc_int32_t>(c))) {
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ND:
      return true;
    default:
      return c == 0x30FB;  // the middle dot of Japanese names
  }
}

bool is_mark(char32_t c) {
  const auto category = utf8proc_category(static_cast<utf8proc_int32_t>(c));
  return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_MC;
}

std::optional<std::string> ascii_label(std::string_view label) {
  if (is_ascii(label) && label.substr(0, kEncoded.size()) == kEncoded)
    return label.size() <= kLongestLabel ? std::optional(std::string(label)) : std::nullopt;
  std::u32string characters;
  for (std::string_view rest = label; !rest.empty();) characters += next_character(rest);
  const bool fits = !characters.empty() && characters.size() <= kLongestLabel && characters.front() != '-' &&
                    characters.back() != '-' && !is_mark(characters.front()) &&
                    characters.substr(std::min<std::size_t>(2, characters.size()), 2) != U"--" &&
                    std::all_of(characters.begin(), characters.end(), may_stand_in_label);
  if (!fits) return std::nullopt;
  std::string ascii = is_ascii(label) ? std::string(label) : std::string(kEncoded) + punycode(characters);
  return ascii.size() <= kLongestLabel ? std::optional(std::move(ascii)) : std::nullopt;
}

}  // namespace

std::string ascii_domain(std::string_view domain) {
  if (is_ascii(domain)) return std::string(domain);
  if (!is_valid_utf8(domain)) return {};
  const std::string level = levelled(std::string(domain));
  std::string out;
  for (std::size_t at = 0; at <= level.size();) {
    const std::size_t end = std::min(level.find('.', at), level.size());
    const auto label = ascii_label(std::string_view(level).substr(at, end - at));
    if (!label) return {};
    out += (at == 0 ? "" : ".") + *label;
    at = end + 1;
  }
  return out.size() <= kLongestDomain ? out : std::string();
}

}  // namespace crm
