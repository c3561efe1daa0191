#include "exchange/vcard_property.h"

#include <algorithm>

#include "base/text.h"

namespace crm {
namespace {

std::string in_capitals(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return out;
}

// Cuts off what stands before the next `separator` outside of quotes.
std::string_view take_until(std::string_view& text, char separator) {
  bool quoted = false;
  std::size_t end = 0;
  for (; end < text.size() && (quoted || text[end] != separator); ++end) {
    if (text[end] == '"') quoted = !quoted;
  }
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return part;
}

std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
      continue;
    }
    const char next = text[++i];
    if (next == 'n' || next == 'N') {
      out += '\n';
    } else if (next == ',' || next == ';' || next == '\\' || next == ':') {
      out += next;
    } else {
      (out += '\\') += next;
    }
  }
  return out;
}

void read_parameter(std::string_view parameter, VcardHead& head) {
  VcardProperty& property = head.property;
  const std::size_t equals = parameter.find('=');
  const std::string key =
      equals == std::string_view::npos ? "TYPE" : in_capitals(trimmed(parameter.substr(0, equals)));
  if (equals != std::string_view::npos) parameter.remove_prefix(equals + 1);
  while (!parameter.empty()) {
    std::string_view item = trimmed(take_until(parameter, ','));
    if (item.size() >= 2 && item.front() == '"' && item.back() == '"') item = item.substr(1, item.size() - 2);
    const std::string word = ascii_lower(item);
    head.quoted_printable = head.quoted_printable || word == "quoted-printable";
    if (key == "CHARSET") head.charset = item;
    if (key == "LABEL") property.label = item;
    if (key == "X-APPLE-OMIT-YEAR") property.omitted_year = item;
    if (key == "PREF" && word == "1") property.types.emplace_back("pref");
    if (key != "TYPE" && key != "X-SERVICE-TYPE") continue;
    // "work,voice" in quotes is several too.
    std::string_view words = word;
    while (!words.empty()) property.types.emplace_back(trimmed(take_until(words, ',')));
  }
}

}  // namespace

bool VcardProperty::is_type(std::string_view type) const {
  return std::find(types.begin(), types.end(), type) != types.end();
}

std::string VcardProperty::text() const {
  return std::string(trimmed(unescaped(value)));
}

std::string VcardProperty::exact_text() const {
  std::string whole = unescaped(value);
  return trimmed(whole).empty() ? std::string() : whole;
}

std::vector<std::string> VcardProperty::parts(char separator) const {
  std::vector<std::string> parts;
  std::string part;
  for (std::size_t i = 0; i <= value.size(); ++i) {
    if (i == value.size() || value[i] == separator) {
      parts.emplace_back(trimmed(unescaped(part)));
      part.clear();
    } else {
      part += value[i];
      if (value[i] == '\\' && i + 1 < value.size()) part += value[++i];
    }
  }
  return parts;
}

VcardHead read_vcard_head(std::string_view head) {
  VcardHead read;
  std::string_view name = take_until(head, ';');
  if (const std::size_t dot = name.rfind('.'); dot != std::string_view::npos) name.remove_prefix(dot + 1);
  read.property.name = in_capitals(trimmed(name));
  while (!head.empty()) read_parameter(take_until(head, ';'), read);
  return read;
}

}  // namespace crm
