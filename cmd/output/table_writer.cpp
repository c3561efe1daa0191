#include <crm/text.h>

#include <algorithm>
#include <string>
#include <vector>

#include "output/formats.h"
#include "output/shown.h"

namespace crm::cmd {
namespace {

constexpr std::string_view kDim = "\x1b[2m";
constexpr std::string_view kPlain = "\x1b[0m";
constexpr std::size_t kGap = 2;  // cells between columns

// Takes cells from the widest columns, those with long text first, until the line fits.
void fit(std::vector<std::size_t>& widths, const std::vector<Column>& columns, std::size_t width) {
  constexpr std::size_t kLeastWide = 12;
  constexpr std::size_t kLeast = 6;
  const auto narrow = [&](bool only_wide, std::size_t least) {
    for (;;) {
      std::size_t total = widths.empty() ? 0 : (widths.size() - 1) * kGap;
      std::size_t widest = widths.size();
      for (std::size_t i = 0; i < widths.size(); ++i) {
        total += widths[i];
        const bool may =
            widths[i] > least && (!only_wide || columns[i].wide) && !columns[i].right && !columns[i].moment;
        if (may && (widest == widths.size() || widths[i] > widths[widest])) widest = i;
      }
      if (total <= width) return true;
      if (widest == widths.size()) return false;
      --widths[widest];
    }
  };
  if (!narrow(true, kLeastWide)) narrow(false, kLeast);
}

// A thousand rows at a time, with columns as wide as these and those before them need: a long list is printed
// as it comes.
class TableWriter final : public Writer {
 public:
  TableWriter(Stream& stream, const WriterOptions& options) : stream_(stream), options_(options) {}

  void begin(std::span<const Column> columns) override {
    columns_.assign(columns.begin(), columns.end());
    began_ = true;
  }
  bool row(std::span<const Cell> cells) override {
    std::vector<std::string>& line = held_.emplace_back();
    line.reserve(cells.size());
    for (std::size_t i = 0; i < cells.size(); ++i) line.push_back(shown(columns_[i], cells[i]));
    if (held_.size() == kHeld) print_held();
    return true;
  }
  void end() override {
    if (!held_.empty()) print_held();
    if (!printing_ && options_.messages != nullptr) options_.messages->write("nothing found\n");
    stream_.spill();
  }
  void fact(std::string_view name, const Cell& value) override {
    if (!began_ || value.type == CellType::null) return;
    std::string label(name);
    std::replace(label.begin(), label.end(), '_', ' ');
    stream_.write(label + ": " + shown({}, value) + '\n');
  }

 private:
  static constexpr std::size_t kHeld = 1000;

  void print_held() {
    measure();
    if (!printing_) {
      if (options_.color) stream_.buffer() += kDim;
      std::vector<std::string> labels;
      for (const Column& column : columns_)
        labels.push_back(column.label.empty() ? column.name : column.label);
      append_line(labels);
      if (options_.color) stream_.buffer() += kPlain;
      stream_.buffer() += '\n';
      printing_ = true;
    }
    for (const std::vector<std::string>& line : held_) {
      append_line(line);
      stream_.buffer() += '\n';
    }
    held_.clear();
    stream_.spill();
  }

  void measure() {
    if (needed_.empty()) {
      for (const Column& column : columns_)
        needed_.push_back(display_width(column.label.empty() ? column.name : column.label));
    }
    for (const std::vector<std::string>& line : held_) {
      for (std::size_t i = 0; i < line.size(); ++i) needed_[i] = std::max(needed_[i], display_width(line[i]));
    }
    widths_ = needed_;
    if (options_.width > 0) fit(widths_, columns_, options_.width);
  }

  void append_line(const std::vector<std::string>& line) {
    std::string& out = stream_.buffer();
    for (std::size_t i = 0; i < line.size(); ++i) {
      if (i > 0) out.append(kGap, ' ');
      const bool cut = options_.width > 0 && display_width(line[i]) > widths_[i];
      const std::string text = cut ? cut_to_width(line[i], widths_[i]) : line[i];
      const std::size_t taken = display_width(text);
      const std::size_t padding = taken < widths_[i] ? widths_[i] - taken : 0;
      if (columns_[i].right) out.append(padding, ' ');
      out += text;
      if (!columns_[i].right && i + 1 < line.size()) out.append(padding, ' ');
    }
    while (!out.empty() && out.back() == ' ') out.pop_back();
  }

  Stream& stream_;
  WriterOptions options_;
  std::vector<Column> columns_;
  std::vector<std::size_t> needed_;
  std::vector<std::size_t> widths_;  // what of that the terminal has room for
  std::vector<std::vector<std::string>> held_;
  bool began_ = false;
  bool printing_ = false;
};

}  // namespace

std::unique_ptr<Writer> make_table_writer(Stream& stream, const WriterOptions& options) {
  return std::make_unique<TableWriter>(stream, options);
}

}  // namespace crm::cmd
