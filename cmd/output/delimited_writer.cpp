#include <crm/error.h>
#include <crm/formula_guard.h>
#include <crm/text.h>

#include <array>
#include <string>

#include "output/formats.h"

namespace crm::cmd {
namespace {

// Characters that need care, by byte.
using Special = std::array<bool, 256>;

constexpr Special special_of(std::string_view characters, bool controls) {
  Special special{};
  for (const char c : characters) special[static_cast<unsigned char>(c)] = true;
  for (std::size_t i = 0; controls && i < 32; ++i) special[i] = true;
  if (controls) special[127] = true;
  return special;
}

bool has(const Special& special, std::string_view text) {
  for (const char c : text) {
    if (special[static_cast<unsigned char>(c)]) return true;
  }
  return false;
}

std::string joined(std::span<const std::string_view> items) {
  std::string text;
  for (const std::string_view item : items) {
    if (!text.empty()) text += ';';
    text += item;
  }
  return text;
}

// RFC 4180, with a line feed at the end of each line. Absent is empty, the empty text is "".
class CsvWriter final : public Writer {
 public:
  CsvWriter(Stream& stream, const WriterOptions& options)
      : stream_(stream),
        delimiter_(options.delimiter),
        special_(special_of(std::string(1, delimiter_) + "\"\r\n", false)),
        guard_(options.guard),
        terminal_(options.terminal) {}

  void begin(std::span<const Column> columns) override {
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (i > 0) stream_.buffer() += delimiter_;
      append_text(columns[i].name);
    }
    stream_.write("\n");
  }
  bool row(std::span<const Cell> cells) override {
    std::string& out = stream_.buffer();
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (i > 0) out += delimiter_;
      append_cell(cells[i]);
    }
    // A line of nothing would be read as no row.
    if (cells.size() == 1 && cells[0].type == CellType::null) out += "\"\"";
    out += '\n';
    stream_.spill();
    return true;
  }
  void end() override {}

 private:
  void append_cell(const Cell& cell) {
    switch (cell.type) {
      case CellType::null:
        return;
      case CellType::number:
      case CellType::boolean:
        stream_.buffer() += cell.text;
        return;
      case CellType::list:
        append_text(joined(cell.items));
        return;
      case CellType::text:
        append_text(cell.text);
    }
  }
  void append_text(std::string_view text) {
    const bool guarded =
        guard_ == CsvGuard::formulas || (guard_ == CsvGuard::reversible && text.starts_with('\''));
    if (guarded) {
      defused_.clear();
      append_defused(defused_, text);
      if (defused_.size() != text.size()) return append_quoted(defused_);
    }
    if (terminal_) return append_quoted_if_needed(visible(text));
    append_quoted_if_needed(text);
  }
  void append_quoted_if_needed(std::string_view text) {
    if (text.empty() || text.front() == ' ' || text.back() == ' ' || has(special_, text))
      return append_quoted(text);
    stream_.buffer() += text;
  }
  void append_quoted(std::string_view text) {
    std::string& out = stream_.buffer();
    out += '"';
    for (const char c : text) {
      if (c == '"') out += '"';
      out += c;
    }
    out += '"';
  }

  Stream& stream_;
  char delimiter_;
  Special special_;
  CsvGuard guard_;
  bool terminal_;
  std::string defused_;
};

// No heading, one line for each row; tabs, line breaks, other control characters and backslashes are written
// as \t, \n, \x1b, \\.
class TsvWriter final : public Writer {
 public:
  TsvWriter(Stream& stream, const WriterOptions& options) : stream_(stream), terminal_(options.terminal) {}

  void begin(std::span<const Column> /*columns*/) override {}
  bool row(std::span<const Cell> cells) override {
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (i > 0) stream_.buffer() += '\t';
      append_cell(cells[i]);
    }
    stream_.buffer() += '\n';
    stream_.spill();
    return true;
  }
  void end() override {}

 private:
  void append_cell(const Cell& cell) {
    if (cell.type == CellType::list) return append_text(joined(cell.items));
    append_text(cell.text);
  }
  void append_text(std::string_view text) {
    static constexpr Special kSpecial = special_of("\\", true);
    if (!has(kSpecial, text)) {
      if (terminal_) {
        stream_.buffer() += visible(text);
      } else {
        stream_.buffer() += text;
      }
      return;
    }
    std::string escaped;
    for (const char c : text) {
      if (c == '\\') {
        escaped += "\\\\";
      } else if (kSpecial[static_cast<unsigned char>(c)]) {
        escaped += visible({&c, 1});
      } else {
        escaped += c;
      }
    }
    stream_.buffer() += terminal_ ? visible(escaped) : escaped;
  }

  Stream& stream_;
  bool terminal_;
};

class IdsWriter final : public Writer {
 public:
  explicit IdsWriter(Stream& stream) : stream_(stream) {}

  void begin(std::span<const Column> columns) override {
    for (at_ = 0; at_ < columns.size(); ++at_) {
      if (columns[at_].name == "id") return;
    }
    throw Error(ErrorCode::usage, "this result has no ids", "choose another --output");
  }
  bool row(std::span<const Cell> cells) override {
    stream_.buffer() += cells[at_].text;
    stream_.buffer() += '\n';
    stream_.spill();
    return true;
  }
  void end() override {}

 private:
  Stream& stream_;
  std::size_t at_ = 0;
};

}  // namespace

std::unique_ptr<Writer> make_csv_writer(Stream& stream, const WriterOptions& options) {
  return std::make_unique<CsvWriter>(stream, options);
}
std::unique_ptr<Writer> make_tsv_writer(Stream& stream, const WriterOptions& options) {
  return std::make_unique<TsvWriter>(stream, options);
}
std::unique_ptr<Writer> make_ids_writer(Stream& stream) {
  return std::make_unique<IdsWriter>(stream);
}

}  // namespace crm::cmd
