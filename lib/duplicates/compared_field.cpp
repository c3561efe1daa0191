#include "duplicates/compared_field.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "duplicates/normal_form.h"
#include "duplicates/similarity.h"
#include "modules/phone.h"

namespace crm {
namespace {

// Words in a field's name that say what it holds; custom fields are named by the headings of all sorts of
// files.
constexpr std::array<std::string_view, 34> kSharedWords{
    "company", "organi",   "employer", "address",  "street",  "addr",    "suburb", "city", "town",
    "county",  "district", "region",   "province", "state",   "country", "post",   "zip",  "website",
    "web",     "url",      "domain",   "parent",   "account", "公司",    "单位",   "企业", "地址",
    "城市",    "省",       "市",       "区",       "邮编",    "网址",    "官网"};
constexpr std::array<std::string_view, 20> kClassifying{
    "level",    "source",   "role",          "title",   "stage",    "status",  "type",
    "industry", "category", "lost_reason",   "gender",  "sex",      "grade",   "rating",
    "timezone", "language", "rating_reason", "segment", "priority", "currency"};
constexpr std::array<std::string_view, 4> kCompanyWords{"company", "organi", "公司", "单位"};
constexpr std::array<std::string_view, 4> kNameWords{"name", "姓名", "surname", "名字"};
constexpr std::array<std::string_view, 17> kNumberWords{"phone",  "mobile", "tel",   "fax",  "zip", "post",
                                                        "number", "date",   "birth", "dob",  "ssn", "soc",
                                                        "_id",    "code",   "电话",  "手机", "号"};

template <std::size_t size>
bool has_any(std::string_view name, const std::array<std::string_view, size>& words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return name.find(word) != std::string_view::npos; });
}

Sort sort_of(const Field& field, Kind kind) {
  switch (field.type) {
    case FieldType::phone:
      return Sort::phone;
    case FieldType::email:
      return Sort::email;
    case FieldType::date:
    case FieldType::integer:
      return Sort::number;
    default:
      break;
  }
  if (has_any(field.name, kCompanyWords)) return Sort::company;
  if (has_any(field.name, kNumberWords)) return Sort::number;
  if (field.name.find("mail") != std::string_view::npos || field.name == "邮箱") return Sort::email;
  // A customer's name is a person's or a company's.
  if (field.name == "name" && kind == Kind::customer) return Sort::company;
  return has_any(field.name, kNameWords) ? Sort::name : Sort::text;
}

bool is_identifying(const Field& field) {
  if (!field.is_stored() || field.access != Access::open || field.sensitive) return false;
  if (std::find(kClassifying.begin(), kClassifying.end(), field.name) != kClassifying.end()) return false;
  switch (field.type) {
    case FieldType::text:
    case FieldType::phone:
    case FieldType::email:
    case FieldType::date:
      return true;
    case FieldType::integer:
      return field.custom;
    case FieldType::reference:
      return field.target == Kind::customer && field.name == "customer";
    default:
      return false;
  }
}

Likeness by_bounds(double similarity, double nearly, double somewhat) {
  return similarity >= nearly     ? Likeness::nearly
         : similarity >= somewhat ? Likeness::somewhat
                                  : Likeness::different;
}

bool has_cjk(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0xE3; });
}

std::size_t length_of(std::string_view text) {
  return character_count(text);
}

// Whether each word of the second is one of the first: "grill on the alley" and "grill".
bool holds_all_words(std::string_view longer, std::string_view shorter) {
  constexpr std::size_t kLeast = 4;
  if (shorter.size() < kLeast || shorter.size() >= longer.size()) return false;
  while (!shorter.empty()) {
    const std::string_view word = shorter.substr(0, shorter.find(' '));
    bool found = false;
    for (std::string_view rest = longer; !rest.empty() && !found;) {
      const std::string_view other = rest.substr(0, rest.find(' '));
      found = other == word;
      rest.remove_prefix(std::min(other.size() + 1, rest.size()));
    }
    if (!found) return false;
    shorter.remove_prefix(std::min(word.size() + 1, shorter.size()));
  }
  return true;
}

Likeness of_names(std::string_view a, std::string_view b) {
  if (!has_cjk(a) && !has_cjk(b)) {
    // "rob" for "robert", an initial for a name.
    const std::size_t shorter = std::min(a.size(), b.size());
    if (shorter >= 3 && (a.starts_with(b) || b.starts_with(a))) return Likeness::nearly;
    if (shorter >= 4 && edits(a, b, 1) == 1) return Likeness::nearly;
    if (holds_all_words(a, b) || holds_all_words(b, a)) return Likeness::nearly;
    return by_bounds(jaro_winkler(a, b), 0.92, 0.82);
  }
  if (are_one_in_letters(a, b)) return Likeness::nearly;
  const std::size_t longest = std::max(length_of(a), length_of(b));
  if (edits(a, b, 1) == 1) {
    // 李建国 and 李建华 are brothers as likely as one man with a slip; two characters the wrong way round, or
    // one left out, are a slip.
    constexpr std::size_t kLongestName = 4;
    if (longest <= kLongestName && a.size() == b.size() &&
        !std::is_permutation(a.begin(), a.end(), b.begin()))
      return Likeness::different;
    return longest >= 3 ? Likeness::nearly : Likeness::somewhat;
  }
  return longest > 4 ? by_bounds(bigram_dice(a, b), 0.75, 0.5) : Likeness::different;
}

std::string digits_of(std::string_view text) {
  std::string digits;
  bool apart = false;
  for (const char c : text) {
    const bool digit = c >= '0' && c <= '9';
    if (digit && apart && !digits.empty()) digits += ' ';
    if (digit) digits += c;
    apart = !digit;
  }
  return digits;
}

Likeness of_texts(std::string_view a, std::string_view b) {
  // Another house, however much the street is the same.
  const std::string here = digits_of(a), there = digits_of(b);
  if (!here.empty() && !there.empty() && here != there && !here.starts_with(there) &&
      !there.starts_with(here)) {
    return edits(here, there, 1) <= 1 && bigram_dice(a, b) >= 0.7 ? Likeness::somewhat : Likeness::different;
  }
  if (holds_all_words(a, b) || holds_all_words(b, a)) return Likeness::nearly;
  constexpr std::size_t kShort = 12;
  if (std::max(a.size(), b.size()) <= kShort) return of_names(a, b);
  if (std::min(a.size(), b.size()) >= 6 && (a.starts_with(b) || b.starts_with(a))) return Likeness::nearly;
  if (edits(a, b, 2) <= 2) return Likeness::nearly;
  return by_bounds(std::max(bigram_dice(a, b), jaro_winkler(a, b) - 0.1), 0.8, 0.6);
}

Likeness of_numbers(std::string_view a, std::string_view b) {
  const std::size_t shorter = std::min(a.size(), b.size());
  if (shorter < 3) return Likeness::different;
  const std::size_t apart = edits(a, b, 2);
  if (apart <= 1) return Likeness::nearly;
  return apart == 2 && shorter >= 6 ? Likeness::somewhat : Likeness::different;
}

Likeness of_emails(std::string_view a, std::string_view b) {
  const std::string_view here = a.substr(0, a.find('@'));
  const std::string_view there = b.substr(0, b.find('@'));
  if (here == there && here.size() >= 3) return Likeness::nearly;
  if (edits(a, b, 2) <= 2) return Likeness::nearly;
  return std::min(here.size(), there.size()) >= 5 && jaro_winkler(here, there) >= 0.92 ? Likeness::somewhat
                                                                                       : Likeness::different;
}

}  // namespace

std::vector<ComparedField> compared_fields(Session& session, Kind kind, const DedupeRules* rules) {
  std::vector<ComparedField> fields;
  const auto add = [&](const Field& field) {
    const bool known = std::any_of(fields.begin(), fields.end(),
                                   [&](const ComparedField& one) { return one.field == &field; });
    if (known) return;
    const Sort sort = sort_of(field, kind);
    const bool shared = field.type == FieldType::phone || field.type == FieldType::reference ||
                        has_any(field.name, kSharedWords);
    fields.push_back({&field, sort, shared});
  };
  const KindView& view = session.view(kind);
  if (rules != nullptr) {
    for (const auto& list : rules->same) {
      for (const std::string& name : list) {
        if (const Field* field = view.find(name)) add(*field);
      }
    }
    for (const SimilarField& similar : rules->similar) {
      const Field* field = view.find(similar.field);
      if (field == nullptr) continue;
      add(*field);
      for (ComparedField& one : fields) {
        if (one.field == field) one.least_similarity = similar.threshold;
      }
    }
  }
  for (const Field* field : view.fields()) {
    if (is_identifying(*field)) add(*field);
  }
  constexpr std::size_t kMost = 24;
  if (fields.size() > kMost) fields.resize(kMost);
  return fields;
}

std::string normal_form(const ComparedField& field, std::string_view value, std::string_view country) {
  switch (field.sort) {
    case Sort::phone: {
      auto key = phone_key(value, country);
      return key ? std::move(*key) : number_key(value);
    }
    case Sort::email:
      return email_key(value);
    case Sort::name:
      return name_key(value);
    case Sort::company:
      return company_key(value);
    case Sort::number:
      return number_key(value);
    case Sort::text:
      return plain_key(value);
  }
  return {};
}

Likeness likeness(const ComparedField& field, std::string_view a, std::string_view b) {
  if (a.empty() || b.empty()) return Likeness::missing;
  if (a == b) return Likeness::equal;
  if (field.least_similarity > 0) {
    const double similarity = std::max(jaro_winkler(a, b), bigram_dice(a, b));
    return by_bounds(similarity, field.least_similarity, field.least_similarity - 0.1);
  }
  if (field.field->type == FieldType::reference) return Likeness::different;
  switch (field.sort) {
    case Sort::phone:
    case Sort::number:
      return of_numbers(a, b);
    case Sort::email:
      return of_emails(a, b);
    case Sort::name:
      return of_names(a, b);
    case Sort::company:
      return std::max(a.size(), b.size()) <= 12 ? of_names(a, b) : of_texts(a, b);
    case Sort::text:
      return of_texts(a, b);
  }
  return Likeness::different;
}

}  // namespace crm
