#include "duplicates/normal_form.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/han.h"
#include "base/text.h"

namespace crm {
namespace {

constexpr std::array<std::string_view, 14> kChineseForms{
    "股份有限责任公司", "有限责任公司", "股份有限公司", "集团有限公司", "有限合伙企业",
    "控股有限公司",     "有限公司",     "股份公司",     "集团公司",     "分公司",
    "有限合伙",         "合伙企业",     "集团",         "公司"};
constexpr std::array<std::string_view, 24> kEnglishForms{
    "incorporated", "corporation", "company", "limited", "holdings", "group", "gmbh", "inc",
    "corp",         "ltd",         "llc",     "llp",     "plc",      "pty",   "pte",  "co",
    "ag",           "sa",          "bv",      "sarl",    "srl",      "kg",    "lp",   "the"};

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (end > 0) words.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

std::string joined(const std::vector<std::string_view>& words) {
  std::string out;
  for (const std::string_view word : words) {
    if (!out.empty()) out += ' ';
    out += word;
  }
  return out;
}

bool ends_in_cjk(const std::string& text) {
  std::size_t start = text.size();
  while (start > 0 && (static_cast<unsigned char>(text[start - 1]) & 0xC0) == 0x80) --start;
  if (start == 0) return false;
  std::string_view last = std::string_view(text).substr(start - 1);
  return is_cjk(next_character(last));
}

bool is_english_form(std::string_view word) {
  return std::find(kEnglishForms.begin(), kEnglishForms.end(), word) != kEnglishForms.end();
}

}  // namespace

std::string plain_key(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  bool after_cjk = true;
  const std::string searched = search_text(text);
  for (std::string_view word : words_of(searched)) {
    std::string_view rest = word;
    const char32_t first = next_character(rest);
    const bool cjk = is_cjk(first);
    if (!out.empty() && !cjk && !after_cjk) out += ' ';
    if (cjk) {
      append_utf8(out, simplified(first));
    } else {
      out += word;
    }
    after_cjk = cjk;
  }
  return out;
}

// "L.L.C." and "S. A." are the words "llc" and "sa".
std::string with_initials_joined(std::string_view key) {
  std::string out;
  bool after_initial = false;
  for (const std::string_view word : words_of(key)) {
    const bool initial = word.size() == 1 && word.front() >= 'a' && word.front() <= 'z';
    if (!out.empty() && !(initial && after_initial)) out += ' ';
    out += word;
    after_initial = initial;
  }
  return out;
}

std::string company_key(std::string_view text) {
  std::string key = plain_key(text);
  if (std::find(kChineseForms.begin(), kChineseForms.end(), key) != kChineseForms.end()) return key;
  for (bool again = true; again;) {
    again = false;
    for (const std::string_view form : kChineseForms) {
      if (key.size() <= form.size() || !key.ends_with(form)) continue;
      key.resize(key.size() - form.size());
      again = ends_in_cjk(key);
      break;
    }
  }
  key = with_initials_joined(key);
  std::vector<std::string_view> words = words_of(key);
  const auto left = std::remove_if(words.begin(), words.end(), is_english_form);
  if (left != words.begin()) words.erase(left, words.end());
  return joined(words);
}

std::string name_key(std::string_view text) {
  const std::string key = plain_key(text);
  std::vector<std::string_view> words = words_of(key);
  std::sort(words.begin(), words.end());
  return joined(words);
}

std::string name_in_letters(std::string_view key) {
  std::string out;
  bool first = true;
  while (!key.empty()) {
    const char32_t c = next_character(key);
    if (c == ' ') continue;
    const std::string_view syllable = c < 0x80 ? std::string_view() : first ? surname_pinyin(c) : pinyin(c);
    if (syllable.empty()) {
      append_utf8(out, c);
    } else {
      out += syllable;
    }
    first = false;
  }
  return out;
}

bool are_one_in_letters(std::string_view a, std::string_view b) {
  const std::string letters = name_in_letters(a);
  if (letters == name_in_letters(b)) return true;
  const auto is_latin = [](std::string_view key) {
    return std::all_of(key.begin(), key.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  };
  if (is_latin(a) == is_latin(b)) return false;
  constexpr std::size_t kMostWords = 4;
  std::vector<std::string_view> words = words_of(is_latin(a) ? a : b);
  if (words.size() > kMostWords) return false;
  const std::string wanted = is_latin(a) ? name_in_letters(b) : letters;
  std::sort(words.begin(), words.end());
  do {
    std::string joined;
    for (const std::string_view word : words) joined += word;
    if (joined == wanted) return true;
  } while (std::next_permutation(words.begin(), words.end()));
  return false;
}

std::string number_key(std::string_view text) {
  std::string out;
  for (const char c : folded(text)) {
    const auto byte = static_cast<unsigned char>(c);
    if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || byte >= 0x80) out += c;
  }
  return out;
}

}  // namespace crm
