#include "base/han.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "base/han_table.h"
#include "base/text.h"

namespace crm {
namespace {

constexpr char32_t kFirst = 0x4E00;
constexpr char32_t kLast = 0x9FFF;

bool is_in_table(char32_t character) {
  return character >= kFirst && character <= kLast;
}

// The first Chinese characters of a name, with how they are read.
class Readings {
 public:
  void take(std::string_view name) {
    for (std::size_t i = 0; i < name.size() && count_ < kMost;) {
      if (static_cast<unsigned char>(name[i]) < 0xE4) {  // no character of the table begins with less
        ++i;
        continue;
      }
      std::string_view rest = name.substr(i);
      const char32_t character = next_character(rest);
      i = name.size() - rest.size();
      add(character);
    }
  }
  std::size_t count() const { return count_; }
  // Whether the character ends the name of a province, city or county.
  bool is_place_end(std::size_t index) const {
    return index < count_ && std::u32string_view(U"省市区县縣區").find(characters_[index]) != npos;
  }
  void append_from(std::string& out, std::size_t start) const {
    if (start >= count_) return;
    if (fork_count_ == 0) return append_first_way(out, start);
    std::array<std::size_t, kMost> forks{};
    std::size_t fork_count = 0;
    for (std::size_t i = start, ways = 1; i < count_ && ways * way_count(i) <= kMostWays; ++i) {
      if (way_count(i) > 1) forks[fork_count++] = i;
      ways *= way_count(i);
    }
    std::array<std::uint8_t, kMost> chosen{};
    for (bool more = true; more;) {
      append_way(out, start, chosen);
      more = false;
      for (std::size_t i = fork_count; i > 0 && !more; --i) {
        const std::size_t at = forks[i - 1];
        more = ++chosen[at] < way_count(at);
        if (!more) chosen[at] = 0;
      }
    }
  }

 private:
  static constexpr std::size_t kMost = 12;
  static constexpr std::size_t kMostWays = 4;
  static constexpr std::size_t npos = std::u32string_view::npos;
  // Other ways than the first; those of few characters, as names are.
  struct Fork {
    std::size_t index;
    std::string_view way;
  };

  void add(char32_t character) {
    std::string_view first = pinyin(character);
    if (first.empty()) return;
    characters_[count_] = character;
    if (count_ == 0) {
      const std::string_view surname = surname_pinyin(character);
      if (surname != first) add_fork(std::exchange(first, surname));
    }
    syllables_[count_] = first;
    const std::string_view other = other_pinyin(character);
    const bool again =
        fork_count_ > 0 && forks_[fork_count_ - 1].index == count_ && forks_[fork_count_ - 1].way == other;
    if (!other.empty() && other != first && !again) add_fork(other);
    ++count_;
  }
  void add_fork(std::string_view way) {
    if (fork_count_ < forks_.size()) forks_[fork_count_++] = {count_, way};
  }
  std::size_t way_count(std::size_t index) const {
    std::size_t ways = 1;
    for (std::size_t i = 0; i < fork_count_; ++i) ways += forks_[i].index == index ? 1 : 0;
    return ways;
  }
  std::string_view way_of(std::size_t index, std::size_t number) const {
    for (std::size_t i = 0; i < fork_count_ && number > 0; ++i) {
      if (forks_[i].index == index && --number == 0) return forks_[i].way;
    }
    return syllables_[index];
  }
  void append_first_way(std::string& out, std::size_t start) const {
    out += ' ';
    for (std::size_t i = start; i < count_; ++i) out += syllables_[i];
    out += ' ';
    for (std::size_t i = start; i < count_; ++i) out += syllables_[i].front();
  }
  void append_way(std::string& out, std::size_t start, const std::array<std::uint8_t, kMost>& chosen) const {
    out += ' ';
    for (std::size_t i = start; i < count_; ++i) out += way_of(i, chosen[i]);
    out += ' ';
    for (std::size_t i = start; i < count_; ++i) out += way_of(i, chosen[i]).front();
  }

  std::array<char32_t, kMost> characters_{};
  std::array<std::string_view, kMost> syllables_;
  std::array<Fork, 6> forks_{};
  std::size_t fork_count_ = 0;
  std::size_t count_ = 0;
};

constexpr std::array<std::string_view, 6> kForms = {"股份有限公司", "有限责任公司", "集团有限公司",
                                                    "有限公司",     "集团公司",     "公司"};
constexpr std::array<std::string_view, 14> kLongPlaces = {"内蒙古", "黑龙江", "石家庄", "哈尔滨", "连云港",
                                                          "张家港", "张家口", "秦皇岛", "葫芦岛", "马鞍山",
                                                          "景德镇", "平顶山", "驻马店", "攀枝花"};

std::string_view without_form(std::string_view name) {
  for (const std::string_view form : kForms) {
    if (name.ends_with(form)) return name.substr(0, name.size() - form.size());
  }
  return name;
}

bool begins_with_long_place(std::string_view name) {
  return std::any_of(kLongPlaces.begin(), kLongPlaces.end(),
                     [&](std::string_view place) { return name.starts_with(place); });
}

constexpr std::size_t kLeastInner = 4;  // characters

// Chinese words have two characters, as a rule. What stands before the name proper is mostly a place.
void append_starts(std::string& out, const Readings& readings, std::string_view name, std::size_t most) {
  if (readings.count() < kLeastInner) return;
  std::size_t start = readings.is_place_end(2) || begins_with_long_place(name) ? 3 : 2;
  for (std::size_t i = 0; i < most && start + 2 <= readings.count(); ++i, start += 2)
    readings.append_from(out, start);
}

}  // namespace

std::string_view pinyin(char32_t character) {
  return is_in_table(character) ? kSyllables[kHanTable[character - kFirst].reading] : std::string_view();
}

std::string_view surname_pinyin(char32_t character) {
  return is_in_table(character) ? kSyllables[kHanTable[character - kFirst].surname] : std::string_view();
}

std::string_view other_pinyin(char32_t character) {
  return is_in_table(character) ? kSyllables[kHanTable[character - kFirst].other] : std::string_view();
}

char32_t simplified(char32_t character) {
  return is_in_table(character) ? kHanTable[character - kFirst].simplified : character;
}

std::string simplified(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) append_utf8(out, simplified(next_character(text)));
  return out;
}

void append_name_readings(std::string& out, std::string_view name) {
  Readings readings;
  readings.take(name);
  readings.append_from(out, 0);
}

void append_inner_readings(std::string& out, std::string_view name) {
  if (name.size() < kLeastInner * 3) return;
  Readings readings;
  readings.take(without_form(name));
  append_starts(out, readings, name, 2);
}

void append_company_readings(std::string& out, std::string_view company) {
  Readings readings;
  readings.take(without_form(company));
  readings.append_from(out, 0);
  append_starts(out, readings, company, 1);
}

}  // namespace crm
