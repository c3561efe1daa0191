#include "duplicates/repeated_name.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <string>
#include <vector>

#include "base/han.h"
#include "base/text.h"
#include "duplicates/similarity.h"

namespace crm {
namespace {

// What stands before the @ at most companies.
constexpr std::array<std::string_view, 20> kEverywhere{
    "info",    "sales", "admin",  "contact", "hello",   "office",    "service",
    "support", "mail",  "hr",     "email",   "enquiry", "enquiries", "business",
    "company", "kefu",  "market", "post",    "me",      "marketing"};
constexpr std::size_t kMostWords = 5;
constexpr std::size_t kShortestBeginning = 3;

struct Address {
  std::string letters, figures;  // before the @
  std::string_view domain;       // with it
};

std::string figures_in(std::string_view text) {
  std::string figures;
  std::copy_if(text.begin(), text.end(), std::back_inserter(figures),
               [](char c) { return c >= '0' && c <= '9'; });
  return figures;
}

// The same, or with a slip: "gmial.com".
bool is_one_domain(std::string_view a, std::string_view b) {
  return a == b || (edits(a, b, 1) <= 1 && figures_in(a) == figures_in(b));
}

Address parted(std::string_view email) {
  const std::size_t at = std::min(email.find('@'), email.size());
  Address address;
  const std::string_view local = email.substr(0, at);
  address.figures = figures_in(local);
  std::copy_if(local.begin(), local.end(), std::back_inserter(address.letters),
               [](char c) { return c >= 'a' && c <= 'z'; });
  address.domain = email.substr(at);
  return address;
}

// Latin words, and the syllables of Chinese characters.
std::vector<std::string> words_in_letters(std::string_view name) {
  std::vector<std::string> words;
  bool goes_on = false;
  while (!name.empty() && words.size() < kMostWords) {
    const char32_t c = next_character(name);
    const std::string_view syllable = c < 0x80 ? std::string_view() : pinyin(c);
    const bool letter = c >= 'a' && c <= 'z';
    if (letter && goes_on) {
      words.back() += static_cast<char>(c);
    } else if (letter) {
      words.emplace_back(1, static_cast<char>(c));
    } else if (!syllable.empty()) {
      words.emplace_back(syllable);
    }
    goes_on = letter;
  }
  return words;
}

// Whether the letters are some of the words, beginnings or initials of them, each once, in any order.
bool is_made_of(std::string_view letters, std::vector<std::string>& words) {
  if (letters.empty()) return true;
  for (std::string& word : words) {
    if (word.empty() || word.front() != letters.front()) continue;
    std::string used;
    used.swap(word);
    std::size_t common = 1;
    while (common < used.size() && common < letters.size() && used[common] == letters[common]) ++common;
    // All that they have in common, or the initial.
    const bool whole = common == used.size() || common >= kShortestBeginning;
    if ((whole && is_made_of(letters.substr(common), words)) || is_made_of(letters.substr(1), words)) {
      used.swap(word);
      return true;
    }
    used.swap(word);
  }
  return false;
}

bool says_nothing(const Address& address, std::string_view name) {
  if (address.letters.empty()) return false;
  if (std::find(kEverywhere.begin(), kEverywhere.end(), address.letters) != kEverywhere.end()) return true;
  std::vector<std::string> words = words_in_letters(name);
  return is_made_of(address.letters, words);
}

}  // namespace

bool only_repeats_names(std::string_view a, std::string_view name_a, std::string_view b,
                        std::string_view name_b) {
  const Address here = parted(a), there = parted(b);
  const bool one_domain = is_one_domain(here.domain, there.domain);
  if (here.figures == there.figures && one_domain) {
    // Each has its own name's, and by more than a slip.
    return edits(here.letters, there.letters, 1) > 1 && says_nothing(here, name_a) &&
           says_nothing(there, name_b) && !says_nothing(here, name_b) && !says_nothing(there, name_a);
  }
  if (here.figures == there.figures ? !here.figures.empty()
                                    : one_domain && (here.figures.empty() || there.figures.empty()))
    return false;
  // One of the names may be misspelt.
  return (says_nothing(here, name_a) || says_nothing(here, name_b)) &&
         (says_nothing(there, name_b) || says_nothing(there, name_a));
}

}  // namespace crm
