#include <crm/text.h>

#include <algorithm>
#include <string>
#include <vector>

#include "output/formats.h"
#include "output/shown.h"

namespace crm::cmd {
namespace {

class RecordWriter final : public Writer {
 public:
  RecordWriter(Stream& stream, const WriterOptions& options) : stream_(stream), color_(options.color) {}

  void begin(std::span<const Column> columns) override {
    columns_.assign(columns.begin(), columns.end());
    for (const Column& column : columns_) width_ = std::max(width_, display_width(label(column)));
  }
  bool row(std::span<const Cell> cells) override {
    if (rows_++ > 0) stream_.buffer() += '\n';
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const bool empty =
          cells[i].type == CellType::null || (cells[i].type == CellType::list && cells[i].items.empty());
      if (!empty) append_field(columns_[i], cells[i]);
    }
    stream_.spill();
    return true;
  }
  void end() override {}

 private:
  static const std::string& label(const Column& column) {
    return column.label.empty() ? column.name : column.label;
  }

  void append_field(const Column& column, const Cell& cell) {
    std::string& out = stream_.buffer();
    if (color_) out += "\x1b[2m";
    out += label(column);
    out.append(width_ - display_width(label(column)), ' ');
    if (color_) out += "\x1b[0m";
    out += "  ";
    if (!column.wide) {
      out += shown(column, cell) + '\n';
      return;
    }
    // Long text keeps its lines, each below the other.
    std::string_view left = cell.text;
    for (;;) {
      const std::size_t end = left.find('\n');
      out += visible(left.substr(0, end)) + '\n';
      if (end == std::string_view::npos) return;
      left.remove_prefix(end + 1);
      out.append(width_ + 2, ' ');
    }
  }

  Stream& stream_;
  bool color_;
  std::vector<Column> columns_;
  std::size_t width_ = 0;
  std::size_t rows_ = 0;
};

}  // namespace

std::unique_ptr<Writer> make_record_writer(Stream& stream, const WriterOptions& options) {
  return std::make_unique<RecordWriter>(stream, options);
}

}  // namespace crm::cmd
