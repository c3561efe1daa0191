#include "exchange/vcard_rows.h"

#include <algorithm>
#include <array>
#include <tuple>

#include "base/digits.h"
#include "base/json.h"
#include "base/text.h"
#include "crm/error.h"
#include "exchange/cjk_name.h"
#include "records/read_value.h"

namespace crm {
namespace {

constexpr std::string_view kOwn = "X-CRM-";
constexpr std::string_view kTags = "tags";

struct Meaning {
  std::string_view property;
  std::string_view heading;
};
constexpr std::array kPlain = {
    Meaning{"TITLE", "title"},     Meaning{"NOTE", "note"},         Meaning{"URL", "website"},
    Meaning{"X-WECHAT", "wechat"}, Meaning{"NICKNAME", "nickname"}, Meaning{"ANNIVERSARY", "anniversary"},
};

// "a, b" of a list's values, with `between` for the comma.
std::string put_together(const std::vector<std::string>& parts, std::string_view between) {
  std::string text;
  for (const std::string& part : parts) {
    if (part.empty()) continue;
    if (!text.empty()) text += between;
    text += part;
  }
  return text;
}

// A name in the order that is usual in its language, and a Chinese one with the given name first.
std::pair<std::string, std::string> put_in_order(const std::vector<std::string>& parts) {
  const std::string family = parts.empty() ? "" : parts[0];
  const std::string given = parts.size() > 1 ? parts[1] : "";
  const std::string middle = parts.size() > 2 ? parts[2] : "";
  if (!begins_with_cjk(family) || !begins_with_cjk(given))
    return {put_together({given, middle, family}, " "), std::string()};
  return {family + middle + given, given + middle + family};
}

// "19800405" and "1980-04-05T00:00:00Z" as a date; "--04-05" where the year stands for none.
std::string birthday(const VcardProperty& property) {
  std::string text = property.text();
  const std::string& none = property.omitted_year;
  if (!none.empty() && text.starts_with(none)) {
    text.erase(0, none.size());
    return (text.starts_with('-') ? "-" : "--") + text;
  }
  const std::size_t time = text.find('T');
  if (time != std::string::npos) text.resize(time);
  const bool digits = text.size() == 8 && are_digits(text);
  return digits ? text.substr(0, 4) + '-' + text.substr(4, 2) + '-' + text.substr(6) : text;
}

int rank_of(const VcardProperty& phone) {
  if (phone.is_type("fax") || phone.is_type("pager")) return 3;
  if (phone.is_type("cell") || phone.is_type("iphone")) return 0;
  return phone.is_type("pref") ? 1 : 2;
}

std::string phone_number_of(const VcardProperty& phone) {
  std::string number = phone.text();
  if (!number.starts_with("tel:")) return number;
  const std::size_t parameters = std::min(number.find(';'), number.size());
  std::string plain = number.substr(4, parameters - 4);
  constexpr std::string_view kExtension = ";ext=";  // RFC 3966
  if (const std::size_t at = number.find(kExtension); at != std::string::npos) {
    const std::size_t begin = at + kExtension.size();
    plain += " ext. " + number.substr(begin, number.find(';', begin) - begin);
  }
  return plain;
}

// "zhang" of "x-apple:zhang".
std::string address_of(const VcardProperty& messenger) {
  const std::string text = messenger.text();
  return text.substr(text.find(':') + 1);
}

void append_json_cell(std::string& out, const InputField& cell) {
  if (cell.items.empty()) return append_json_string(out, cell.text);
  for (std::size_t i = 0; i < cell.items.size(); ++i) {
    out += i == 0 ? "[" : ", ";
    append_json_string(out, cell.items[i]);
  }
  out += ']';
}

std::string without_spaces(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::string_view rest = text;
    if (is_white_space(next_character(text))) continue;
    out += rest.substr(0, rest.size() - text.size());
  }
  return out;
}

// A list of other cards.
bool is_group(const std::vector<VcardProperty>& properties) {
  return std::any_of(properties.begin(), properties.end(), [](const VcardProperty& property) {
    const bool says_kind = property.name == "KIND" || property.name == "X-ADDRESSBOOKSERVER-KIND";
    return says_kind && equals_ignoring_case(property.text(), "group");
  });
}

}  // namespace

VcardRows::VcardRows(std::unique_ptr<ByteSource> bytes, const std::string& file, const std::string& encoding)
    : reader_(std::move(bytes), file, encoding), detected_(encoding.empty()) {
  ahead_ = read_next();
  if (!ahead_ && groups_ == 0)
    throw Error(ErrorCode::invalid, quoted(file) + " holds no vCard", "each one begins with BEGIN:VCARD");
}

bool VcardRows::read_next() {
  while (reader_.next()) {
    if (!reader_.fault() && is_group(reader_.properties())) {
      ++groups_;
      continue;
    }
    read_card();
    return true;
  }
  return false;
}

bool VcardRows::next(InputRow& row) {
  if (!std::exchange(ahead_, false) && !read_next()) return false;
  row.line = reader_.line();
  row.fault = reader_.fault();
  row.fields.assign(headings_.size(), {});
  for (Value& value : values_) {
    value.views.assign(value.items.begin(), value.items.end());
    row.fields[value.column] = {value.text, true, false, value.views};
  }
  append_as_json(row);
  row.text = record_;
  return true;
}

// The card as an object, as which it can be put right and read again.
void VcardRows::append_as_json(const InputRow& row) {
  record_.clear();
  for (std::size_t i = 0; i < headings_.size(); ++i) {
    if (!row.fields[i].given) continue;
    record_ += record_.empty() ? "{" : ", ";
    append_json_string(record_, headings_[i]);
    record_ += ": ";
    append_json_cell(record_, row.fields[i]);
  }
  record_ += record_.empty() ? "{}" : "}";
}

void VcardRows::read_card() {
  values_.clear();
  read_name();
  read_phones();
  add_several("email", texts_of("EMAIL"));
  for (const VcardProperty& property : reader_.properties()) read_property(property);
}

bool VcardRows::has(std::string_view heading) const {
  return std::any_of(values_.begin(), values_.end(),
                     [&](const Value& value) { return headings_[value.column] == heading; });
}

// Of several values the first has the heading, the others "website 2", "website 3".
void VcardRows::add(std::string_view heading, std::string text) {
  if (text.empty()) return;
  std::string name(heading);
  for (int number = 2; has(name); ++number) name = std::string(heading) + ' ' + std::to_string(number);
  const auto known = std::find(headings_.begin(), headings_.end(), name);
  const auto column = static_cast<std::size_t>(known - headings_.begin());
  if (known == headings_.end()) headings_.push_back(name);
  values_.push_back({column, std::move(text), {}, {}});
}

// FN, else N, else the company, the nickname, the address or the phone.
void VcardRows::read_name() {
  std::array<std::string, 6> names;
  const std::vector<std::string> shown_names = texts_of("FN");
  if (!shown_names.empty()) names[0] = shown_names.front();
  std::string other_order;
  for (const VcardProperty& property : reader_.properties()) {
    if (property.name == "ORG" && names[2].empty()) names[2] = property.parts().front();
    if (property.name == "NICKNAME" && names[3].empty()) names[3] = property.text();
    if (property.name == "EMAIL" && names[4].empty()) names[4] = property.text();
    if (property.name == "TEL" && names[5].empty()) names[5] = phone_number_of(property);
    if (property.name == "N" && names[1].empty())
      std::tie(names[1], other_order) = put_in_order(property.parts());
  }
  // Programs write FN with a space, and some the given name first.
  const std::string shown = without_spaces(names[0]);
  if (!other_order.empty() && (shown == without_spaces(names[1]) || shown == without_spaces(other_order)))
    names[0] = names[1];
  const auto first =
      std::find_if(names.begin(), names.end(), [](const std::string& name) { return !name.empty(); });
  if (first != names.end()) add("name", *first);
  for (std::size_t i = 1; i < shown_names.size(); ++i) add("name", shown_names[i]);
}

// Those of the properties of that name, the preferred ones first.
std::vector<std::string> VcardRows::texts_of(std::string_view name) const {
  std::vector<std::string> texts;
  for (const bool preferred : {true, false}) {
    for (const VcardProperty& property : reader_.properties()) {
      if (property.name == name && property.is_type("pref") == preferred) texts.push_back(property.text());
    }
  }
  return texts;
}

// Several in one cell, as Google's files have them: the first is the record's, the others go to its note.
void VcardRows::add_several(std::string_view heading, const std::vector<std::string>& values) {
  add(heading, put_together(values, " ::: "));
}

// The number to call first: of a mobile phone, the preferred one, any other; a fax last.
void VcardRows::read_phones() {
  std::vector<const VcardProperty*> phones;
  for (const VcardProperty& property : reader_.properties()) {
    if (property.name == "TEL") phones.push_back(&property);
  }
  std::stable_sort(phones.begin(), phones.end(),
                   [](const VcardProperty* a, const VcardProperty* b) { return rank_of(*a) < rank_of(*b); });
  std::vector<std::string> numbers;
  for (const VcardProperty* phone : phones) {
    std::string number = phone_number_of(*phone);
    if (rank_of(*phone) == 3) {
      add("fax", std::move(number));
    } else {
      numbers.push_back(std::move(number));
    }
  }
  add_several("phone", numbers);
}

// A card may have them in several properties.
void VcardRows::add_tags(std::string_view tags) {
  for (const std::string& tag : read_list(tags)) {
    if (!has(kTags)) add(kTags, tag);
    const auto given = std::find_if(values_.begin(), values_.end(),
                                    [&](const Value& value) { return headings_[value.column] == kTags; });
    given->text.clear();
    given->items.push_back(tag);
  }
}

void VcardRows::read_property(const VcardProperty& property) {
  const std::string& name = property.name;
  const auto plain = std::find_if(kPlain.begin(), kPlain.end(),
                                  [&](const Meaning& meaning) { return meaning.property == name; });
  if (plain != kPlain.end())
    return add(plain->heading, name == "NOTE" ? property.exact_text() : property.text());
  if (name == "ORG" && !has("company")) {
    std::vector<std::string> units = property.parts();
    add("company", units.front());
    units.front().clear();
    return add("department", put_together(units, ", "));
  }
  if (name == "IMPP") return add(property.is_type("wechat") ? "wechat" : "messenger", address_of(property));
  if (name == "BDAY") return add("birthday", birthday(property));
  if (name == "CATEGORIES") {
    for (const std::string& category : property.parts(',')) add_tags(category);
    return;
  }
  if (name == "ADR") {
    const std::vector<std::string> parts = property.parts();
    const bool chinese = std::any_of(parts.begin(), parts.end(),
                                     [](const std::string& part) { return begins_with_cjk(part); });
    std::vector<std::string> order = parts;
    if (chinese && parts.size() >= 5) order = {parts[4], parts[3], parts[2], parts[1]};
    return add("address", property.label.empty() ? put_together(order, chinese ? "" : ", ") : property.label);
  }
  if (name == "UID") {
    std::string uid = property.text();
    if (uid.starts_with("urn:uuid:")) uid.erase(0, 9);
    if (!uid.empty() && uid.find(';') == std::string::npos) add("ref", "vcard/" + uid);
    return;
  }
  // What our own export adds, by the names of the fields.
  if (!name.starts_with(kOwn)) return;
  std::string field = ascii_lower(name.substr(kOwn.size()));
  std::replace(field.begin(), field.end(), '-', '_');
  add(field, property.exact_text());
}

std::vector<std::string> VcardRows::warnings() const {
  std::vector<std::string> warnings;
  if (groups_ > 0) {
    warnings.push_back("passed over " + std::to_string(groups_) +
                       (groups_ == 1 ? " card of a group" : " cards of groups"));
  }
  if (reader_.strange_lines() > 0) {
    warnings.push_back(
        "passed over " + std::to_string(reader_.strange_lines()) +
        (reader_.strange_lines() == 1 ? " line that is no property" : " lines that are no properties"));
  }
  return warnings;
}

}  // namespace crm
