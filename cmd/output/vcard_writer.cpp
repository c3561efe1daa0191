#include "output/vcard_writer.h"

#include <crm/error.h>

#include <algorithm>
#include <array>
#include <utility>

namespace crm::cmd {
namespace {

constexpr std::size_t kLongestLine = 75;  // bytes, its line end not counted

constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kProperties{{
    {"name", "FN"},
    {"phone", "TEL"},
    {"email", "EMAIL"},
    {"title", "TITLE"},
    {"website", "URL"},
    {"note", "NOTE"},
    {"wechat", "X-WECHAT"},
    {"company", "ORG"},
    {"customer", "ORG"},
}};
// Numbers and moments of this database, which mean nothing in an address book.
constexpr std::array<std::string_view, 9> kLeftOut = {"id",         "version",     "created_at",
                                                      "updated_at", "ref",         "contact",
                                                      "parent",     "assigned_at", "stage_entered_at"};

std::string escaped(std::string_view text, bool structured) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
    } else if (c != '\r') {
      if (c == '\\' || c == ',' || (c == ';' && structured)) out += '\\';
      out += c;
    }
  }
  return out;
}

}  // namespace

void VcardWriter::begin(std::span<const Column> columns) {
  for (const Column& column : columns) fields_.push_back(column.name);
  if (std::find(fields_.begin(), fields_.end(), "name") == fields_.end())
    throw Error(ErrorCode::usage, "a vCard needs a name", "add 'name' to --fields, or choose another format");
}

bool VcardWriter::row(std::span<const Cell> cells) {
  write_line("BEGIN", "VCARD");
  write_line("VERSION", "4.0");
  for (std::size_t i = 0; i < cells.size(); ++i) write_field(fields_[i], cells[i]);
  write_line("END", "VCARD");
  stream_.spill();
  return true;
}

void VcardWriter::write_field(const std::string& field, const Cell& cell) {
  if (cell.type == CellType::null || std::find(kLeftOut.begin(), kLeftOut.end(), field) != kLeftOut.end())
    return;
  if (cell.type == CellType::list) {
    std::string list;
    for (const std::string_view item : cell.items)
      list.append(list.empty() ? "" : ",").append(escaped(item, true));
    if (!list.empty()) write_line(field == "tags" ? "CATEGORIES" : "X-CRM-LIST", list);
    return;
  }
  if (field == "customer") {
    const std::string name = find_name_(cell.text);
    if (!name.empty()) write_line("ORG", escaped(name, true));
    return;
  }
  if (field == "address") return write_line("ADR", ";;" + escaped(cell.text, true) + ";;;;");
  if (field == "birthday") {
    std::string day(cell.text);
    std::erase(day, '-');
    return write_line("BDAY", day);
  }
  const auto known = std::find_if(kProperties.begin(), kProperties.end(),
                                  [&](const auto& property) { return property.first == field; });
  if (known != kProperties.end()) return write_line(known->second, escaped(cell.text, true));
  std::string name = "X-CRM-";
  for (const char c : field)
    name += c == '_' ? '-' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  write_line(name, escaped(cell.text, true));
}

// Folded by bytes, never inside a character.
void VcardWriter::write_line(std::string_view head, std::string_view value) {
  line_.assign(head).append(1, ':').append(value);
  std::string_view rest = line_;
  for (std::size_t most = kLongestLine; rest.size() > most; most = kLongestLine - 1) {
    std::size_t cut = most;
    while (cut > 1 && (static_cast<unsigned char>(rest[cut]) & 0xC0) == 0x80) --cut;
    stream_.buffer().append(rest.substr(0, cut)).append("\r\n ");
    rest.remove_prefix(cut);
  }
  stream_.buffer().append(rest).append("\r\n");
}

}  // namespace crm::cmd
