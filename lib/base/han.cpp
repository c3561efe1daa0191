#include "base/han.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

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
  using Ways = std::array<std::string_view, 3>;  // empty ones behind the others

  void add(char32_t character) {
    Ways ways{pinyin(character)};
    if (ways[0].empty()) return;
    std::size_t found = 1;
    const auto further = [&](std::string_view way) {
      if (!way.empty() && std::find(ways.begin(), ways.end(), way) == ways.end()) ways[found++] = way;
    };
    if (count_ == 0) {
      further(surname_pinyin(character));
      if (found == 2) std::swap(ways[0], ways[1]);
    }
    further(other_pinyin(character));
    characters_[count_] = character;
    ways_[count_++] = ways;
  }
  std::size_t way_count(std::size_t index) const {
    return ways_[index][1].empty() ? 1 : ways_[index][2].empty() ? 2 : 3;
  }
  void append_way(std::string& out, std::size_t start, const std::array<std::uint8_t, kMost>& chosen) const {
    out += ' ';
    for (std::size_t i = start; i < count_; ++i) out += ways_[i][chosen[i]];
    out += ' ';
    for (std::size_t i = start; i < count_; ++i) out += ways_[i][chosen[i]].front();
  }

  std::array<char32_t, kMost> characters_{};
  std::array<Ways, kMost> ways_{};
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
