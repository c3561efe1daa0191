// Folding: what makes two spellings of a text the same.
#include <utf8proc.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/domain_name.h"
#include "base/han.h"
#include "base/text.h"

namespace crm {
namespace {

char32_t fold_ascii(char32_t c) {
  return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
}

bool is_full_width_ascii(char32_t c) {
  return c >= 0xFF01 && c <= 0xFF5E;
}
constexpr char32_t kFullWidthOffset = 0xFEE0;

// The folded form of characters that fold alone, whatever stands beside them; 0 for all others.
char32_t fold_alone(char32_t c) {
  if (c < 0x80) return fold_ascii(c);
  if ((c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF)) return c;
  if (is_full_width_ascii(c)) return fold_ascii(c - kFullWidthOffset);
  if ((c >= 0x3001 && c <= 0x3003) || (c >= 0x3005 && c <= 0x3011)) return c;  // CJK punctuation
  if (c == 0x3000 || c == 0xA0) return ' ';
  return 0;
}

char32_t take_character(std::string_view& text) {
  const auto first = static_cast<unsigned char>(text.front());
  if (first >= 0x80) return next_character(text);
  text.remove_prefix(1);
  return first;
}

// Gives `each` the folded characters in turn. False where it came to a character that does
// not fold alone, and stopped.
template <typename Each>
bool fold_each_alone(std::string_view text, Each each) {
  while (!text.empty()) {
    const char32_t character = take_character(text);
    const char32_t alone = fold_alone(character);
    if (alone == 0 && character != 0) return false;
    each(alone);
  }
  return true;
}

void append(std::string& out, char32_t c) {
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else {
    append_utf8(out, c);
  }
}

// Appends characters to a text that gets no white space at its ends and only single spaces inside.
class Spaced {
 public:
  explicit Spaced(std::string& out) : out_(out), start_(out.size()) {}
  void add(char32_t character) {
    if (is_white_space(character)) {
      space_ = true;
      return;
    }
    if (space_ && out_.size() > start_) out_ += ' ';
    space_ = false;
    append(out_, character);
  }

 private:
  std::string& out_;
  std::size_t start_;
  bool space_ = false;
};

bool is_latin(char32_t c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= 0xC0 && c <= 0x2AF) ||
         (c >= 0x1D00 && c <= 0x1DBF) || (c >= 0x1E00 && c <= 0x1EFF) || (c >= 0x2C60 && c <= 0x2C7F) ||
         (c >= 0xA720 && c <= 0xA7FF);
}

std::vector<utf8proc_int32_t> decomposed(const std::string& valid) {
  constexpr auto kOptions = static_cast<utf8proc_option_t>(
      UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE);
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(valid.data());
  const auto size = static_cast<utf8proc_ssize_t>(valid.size());
  std::vector<utf8proc_int32_t> characters(valid.size() + 16);
  while (true) {
    const auto room = static_cast<utf8proc_ssize_t>(characters.size());
    const utf8proc_ssize_t count = utf8proc_decompose(bytes, size, characters.data(), room, kOptions);
    const bool enough = count <= room;
    characters.resize(static_cast<std::size_t>(count > 0 ? count : 0));
    if (enough) return characters;
  }
}

void remove_latin_marks(std::vector<utf8proc_int32_t>& characters) {
  bool after_latin = false;
  std::erase_if(characters, [&after_latin](utf8proc_int32_t c) {
    const bool mark = c >= 0x300 && utf8proc_category(c) == UTF8PROC_CATEGORY_MN;
    if (!mark) after_latin = is_latin(static_cast<char32_t>(c));
    return mark && after_latin;
  });
}

std::string folded_fully(std::string_view text) {
  std::vector<utf8proc_int32_t> characters = decomposed(with_replacements(text));
  remove_latin_marks(characters);
  constexpr auto kOptions = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE);
  const auto size = static_cast<utf8proc_ssize_t>(characters.size());
  const utf8proc_ssize_t count = utf8proc_normalize_utf32(characters.data(), size, kOptions);
  std::string out;
  Spaced spaced(out);
  for (utf8proc_ssize_t i = 0; i < count; ++i)
    spaced.add(static_cast<char32_t>(characters[static_cast<std::size_t>(i)]));
  return out;
}

bool is_word_character(char32_t c) {
  if (c < 0x80) return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
  const utf8proc_category_t category = utf8proc_category(static_cast<utf8proc_int32_t>(c));
  return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_NO;
}

// Appends folded characters as words, each Chinese, Japanese or Korean character as a word of its own, in its
// simplified form.
class Words {
 public:
  explicit Words(std::string& out) : out_(out), space_(!out.empty()) {}
  void add(char32_t c) {
    const bool apart = c >= 0x80 && is_cjk(c);
    if (!apart && !is_word_character(c)) {
      space_ = !out_.empty();
      return;
    }
    if (space_ || (apart && !out_.empty())) out_ += ' ';
    append(out_, apart ? simplified(c) : c);
    space_ = apart;
  }

 private:
  std::string& out_;
  bool space_;
};

// White space, control characters and the specials of RFC 5322.
bool cannot_be_in_email(char32_t c) {
  switch (c) {
    case '(':
    case ')':
    case '<':
    case '>':
    case '[':
    case ']':
    case ':':
    case ';':
    case ',':
    case '\\':
    case '"':
    case 0x7F:
      return true;
    default:
      return c <= ' ' || (c >= 0x80 && c < 0xA0) || is_white_space(c);
  }
}

// Servers know a domain in one form only.
std::string with_ascii_domain(std::string email) {
  const std::size_t at = email.find('@');
  const bool ascii =
      std::all_of(email.begin(), email.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (ascii || at == std::string::npos) return email;
  const std::string domain = ascii_domain(std::string_view(email).substr(at + 1));
  return domain.empty() ? email : email.substr(0, at + 1) + domain;
}

}  // namespace

std::string folded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  Spaced spaced(out);
  if (fold_each_alone(text, [&spaced](char32_t c) { spaced.add(c); })) return out;
  return folded_fully(text);
}

void append_search_text(std::string& out, std::string_view text) {
  const std::size_t start = out.size();
  Words words(out);
  if (fold_each_alone(text, [&words](char32_t c) { words.add(c); })) return;
  out.resize(start);
  Words folded_words(out);
  const std::string full = folded_fully(text);
  for (std::string_view rest = full; !rest.empty();) folded_words.add(next_character(rest));
}

std::string search_text(std::string_view text) {
  std::string out;
  append_search_text(out, text);
  return out;
}

bool is_cjk(char32_t c) {
  if (c < 0x2E80) return false;
  return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) || (c >= 0xAC00 && c <= 0xD7A3) ||
         (c >= 0x2E80 && c <= 0x2FD5) || c == 0x3005 || c == 0x3007 || (c >= 0x3041 && c <= 0x3096) ||
         (c >= 0x309D && c <= 0x309F) || (c >= 0x30A1 && c <= 0x30FA) || (c >= 0x30FC && c <= 0x30FF) ||
         (c >= 0x31F0 && c <= 0x31FF) || (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xFF66 && c <= 0xFF9F) ||
         (c >= 0x20000 && c <= 0x323AF);
}

std::string email_key(std::string_view email) {
  email = trimmed(email);
  std::string out;
  out.reserve(email.size());
  while (!email.empty()) {
    const char32_t c = take_character(email);
    append(out, fold_ascii(is_full_width_ascii(c) ? c - kFullWidthOffset : c));
  }
  return with_ascii_domain(std::move(out));
}

bool is_email(std::string_view email) {
  const std::size_t at = email.find('@');
  if (at == std::string_view::npos || at == 0 || !is_valid_utf8(email)) return false;
  for (std::string_view rest = email; !rest.empty();) {
    if (cannot_be_in_email(take_character(rest))) return false;
  }
  const std::string_view domain = email.substr(at + 1);
  return !domain.empty() && domain.find('@') == std::string_view::npos && domain.front() != '.' &&
         domain.back() != '.' && domain.find("..") == std::string_view::npos;
}

}  // namespace crm
