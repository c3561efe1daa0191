#include "exchange/column_names.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "base/han.h"
#include "base/text.h"
#include "entity/heading.h"

namespace crm {
namespace {

constexpr std::array<std::string_view, 7> kNextHeadings = {
    "next_at", "next", "next_followup", "next_contact", "下次跟进时间", "下次联系时间", "下次跟进"};

// Of these the first may be anything where the row is no talk.
constexpr std::size_t kOnlyOfTalks = 2;

}  // namespace

bool is_next_heading(Kind kind, std::string_view heading) {
  if (kind != Kind::followup && kind != Kind::lead && kind != Kind::customer) return false;
  const std::string key = heading_key(heading);
  return std::any_of(kNextHeadings.begin() + (kind == Kind::followup ? 0 : kOnlyOfTalks), kNextHeadings.end(),
                     [&](std::string_view known) { return heading_key(known) == key; });
}

bool names_records(Kind kind, std::string_view heading) {
  const Label& label = entity(kind).label;
  const std::string names[] = {std::string(label.en), std::string(label.en) + " name", std::string(label.zh),
                               std::string(label.zh) + "名称"};
  const std::string key = heading_key(heading);
  return std::any_of(std::begin(names), std::end(names),
                     [&](const std::string& name) { return heading_key(name) == key; });
}

std::string_view name_part_of(std::string_view heading) {
  struct Word {
    std::string_view key, part;
  };
  constexpr Word kWords[] = {{"lastname", "family"}, {"familyname", "family"}, {"surname", "family"},
                             {"姓", "family"},       {"姓氏", "family"},       {"firstname", "given"},
                             {"givenname", "given"}, {"forename", "given"},    {"名", "given"},
                             {"名字", "given"},      {"middlename", "middle"}, {"secondname", "middle"}};
  const std::string key = heading_key(heading);
  const auto found =
      std::find_if(std::begin(kWords), std::end(kWords), [&](const Word& word) { return word.key == key; });
  return found == std::end(kWords) ? std::string_view() : found->part;
}

std::string custom_name(std::string_view heading) {
  constexpr std::size_t kLongest = 40;
  std::string name;
  const std::string plain = folded(heading);
  for (std::string_view rest = plain; !rest.empty() && name.size() < kLongest;) {
    const char32_t c = next_character(rest);
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (is_plain) {
      name += static_cast<char>(c);
    } else if (const std::string_view reading = pinyin(c); !reading.empty()) {
      name += reading;
    } else if (!name.empty() && name.back() != '_') {
      name += '_';
    }
  }
  while (!name.empty() && name.back() == '_') name.pop_back();
  return !name.empty() && name.front() >= 'a' ? name : std::string();
}

}  // namespace crm
