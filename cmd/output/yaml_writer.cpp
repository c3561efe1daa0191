#include <crm/text.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "output/formats.h"

namespace crm::cmd {
namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80) != 0;
}

// Text that needs no quotes in any version of YAML. Whatever is in doubt is quoted.
bool is_plain(std::string_view text) {
  static constexpr std::array<std::string_view, 8> kWords{"true", "false", "null", "yes",
                                                          "no",   "on",    "off",  "nan"};
  if (text.size() < 2 || !is_letter(text.front()) || text.back() == ' ') return false;
  const auto safe = [](char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == ' ' || c == '_' || c == '-' || c == '/';
  };
  if (!std::all_of(text.begin(), text.end(), safe)) return false;
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return std::find(kWords.begin(), kWords.end(), lower) == kWords.end() && visible(text) == text;
}

// YAML takes neither DEL nor the control characters from U+0080 to U+009F as they are, which JSON does.
void escape_unprintable(std::string& out, std::size_t begin) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  for (std::size_t at = begin; at < out.size(); ++at) {
    const auto byte = static_cast<unsigned char>(out[at]);
    const auto next = static_cast<unsigned char>(at + 1 < out.size() ? out[at + 1] : '\0');
    const bool is_c1 = byte == 0xC2 && next < 0xA0;
    if (byte != 0x7F && !is_c1) continue;
    const unsigned code = is_c1 ? next : byte;
    const char escape[] = {'\\', 'x', kDigits[code >> 4], kDigits[code & 15]};
    out.replace(at, is_c1 ? 2 : 1, escape, sizeof escape);
    at += sizeof escape - 1;
  }
}

// A JSON string is a YAML scalar in double quotes.
void append_text(std::string& out, std::string_view text) {
  if (is_plain(text)) {
    out += text;
  } else {
    const std::size_t begin = out.size();
    append_json_string(out, text);
    escape_unprintable(out, begin);
  }
}

void append_value(std::string& out, const Cell& cell) {
  switch (cell.type) {
    case CellType::null:
      out += "null";
      return;
    case CellType::number:
    case CellType::boolean:
      out += cell.text;
      return;
    case CellType::text:
      append_text(out, cell.text);
      return;
    case CellType::list:
      out += '[';
      for (std::size_t i = 0; i < cell.items.size(); ++i) {
        if (i > 0) out += ", ";
        append_text(out, cell.items[i]);
      }
      out += ']';
  }
}

class YamlWriter final : public Writer {
 public:
  YamlWriter(Stream& stream, Shape shape) : stream_(stream), shape_(shape) {}

  void begin(std::span<const Column> columns) override {
    names_.clear();
    for (const Column& column : columns) {
      append_text(names_.emplace_back(), column.name);
      names_.back() += ": ";
    }
    rows_ = 0;
    if (shape_ == Shape::document) stream_.buffer() += "rows:";
  }
  bool row(std::span<const Cell> cells) override {
    std::string& out = stream_.buffer();
    if (rows_++ == 0 && shape_ == Shape::document) out += '\n';
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (shape_ != Shape::object) out += i == 0 ? "- " : "  ";
      out += names_[i];
      append_value(out, cells[i]);
      out += '\n';
    }
    stream_.spill();
    return true;
  }
  void end() override {
    if (rows_ == 0 && shape_ != Shape::object) stream_.write(shape_ == Shape::document ? " []\n" : "[]\n");
  }
  void fact(std::string_view name, const Cell& value) override {
    std::string& out = stream_.buffer();
    append_text(out, name);
    out += ": ";
    append_value(out, value);
    stream_.write("\n");
  }

 private:
  Stream& stream_;
  Shape shape_;
  std::vector<std::string> names_;
  std::size_t rows_ = 0;
};

}  // namespace

std::unique_ptr<Writer> make_yaml_writer(Stream& stream, Shape shape) {
  return std::make_unique<YamlWriter>(stream, shape);
}

}  // namespace crm::cmd
