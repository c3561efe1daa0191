#include "exchange/delimited_writer.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace crm {
namespace {

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  for (std::size_t quote = text.find('"'); quote != std::string_view::npos; quote = text.find('"')) {
    out += text.substr(0, quote + 1);
    out += '"';
    text.remove_prefix(quote + 1);
  }
  out += text;
  out += '"';
}

// Characters that may need an escape or quotes somewhere: nearly all cells have none of them.
constexpr auto kPlain = [] {
  std::array<bool, 256> plain{};
  for (bool& value : plain) value = true;
  for (const char special : {'"', '\n', '\r', '\t', ',', ';', '|', '\\'})
    plain[static_cast<unsigned char>(special)] = false;
  return plain;
}();

bool is_plain(std::string_view text) {
  for (const char character : text) {
    if (!kPlain[static_cast<unsigned char>(character)]) return false;
  }
  return true;
}

bool needs_quotes(std::string_view text, char delimiter) {
  return std::any_of(text.begin(), text.end(), [delimiter](char character) {
    return character == delimiter || character == '"' || character == '\n' || character == '\r';
  });
}

char tsv_escape(char character) {
  switch (character) {
    case '\t':
      return 't';
    case '\n':
      return 'n';
    case '\r':
      return 'r';
    case '\\':
      return '\\';
    default:
      return '\0';
  }
}

}  // namespace

void append_csv_cell(std::string& out, std::string_view text, char delimiter) {
  if (is_plain(text) || !needs_quotes(text, delimiter)) {
    out += text;
  } else {
    append_quoted(out, text);
  }
}

void append_csv_record(std::string& out, std::span<const std::string_view> cells, char delimiter) {
  if (cells.size() == 1 && cells.front().empty()) {
    out += "\"\"\n";
    return;
  }
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) out += delimiter;
    append_csv_cell(out, cells[i], delimiter);
  }
  out += '\n';
}

void append_tsv_cell(std::string& out, std::string_view text) {
  if (is_plain(text)) {
    out += text;
    return;
  }
  for (const char character : text) {
    if (const char escape = tsv_escape(character); escape != '\0') {
      out += '\\';
      out += escape;
    } else {
      out += character;
    }
  }
}

}  // namespace crm
