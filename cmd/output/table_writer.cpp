#include <crm/kind.h>
#include <crm/text.h>

#include <algorithm>
#include <string>
#include <vector>

#include "output/column_widths.h"
#include "output/formats.h"
#include "output/shown.h"

namespace crm::cmd {
namespace {

constexpr std::string_view kDim = "\x1b[2m";
constexpr std::string_view kPlain = "\x1b[0m";

const std::string& heading(const Column& column) {
  return column.label.empty() ? column.name : column.label;
}

std::string in_short(const std::vector<std::string>& names) {
  constexpr std::size_t kMostNamed = 3;
  if (names.size() <= kMostNamed) return listed(names);
  return crm::quoted(names[0]) + ", " + crm::quoted(names[1]) + " and " + std::to_string(names.size() - 2) +
         " more columns";
}

// A path tells most by its end.
std::string cut(const std::string& text, std::size_t width) {
  if (!text.starts_with('/') || width < 2) return cut_to_width(text, width);
  std::string_view end = text;
  const auto is_inside_character = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; };
  while (display_width(end) > width - 1 || is_inside_character(end.front())) end.remove_prefix(1);
  return "…" + std::string(end);
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
    if (!left_out_.empty() && options_.messages != nullptr)
      options_.messages->write("no room for " + in_short(left_out_) + "; --fields chooses columns\n");
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
  static constexpr std::size_t kUnlimited = static_cast<std::size_t>(-1);

  void print_held() {
    measure();
    if (!printing_) {
      if (options_.color) stream_.buffer() += kDim;
      std::vector<std::string> labels;
      for (const Column& column : columns_) labels.push_back(heading(column));
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

  // Which columns are left out is settled by the first rows: the heading stands above all.
  void measure() {
    const bool first = needs_.empty();
    if (first) {
      for (const Column& column : columns_)
        needs_.push_back({display_width(heading(column)), 0, column.wide, column.right || column.moment,
                          spare_place(column.name)});
    }
    for (std::size_t i = 0; i < needs_.size(); ++i) {
      for (const std::vector<std::string>& line : held_)
        needs_[i].content = std::max(needs_[i].content, display_width(line[i]));
      // Half the name of a record is of no use.
      needs_[i].whole = needs_[i].whole || std::all_of(held_.begin(), held_.end(), [&](const auto& line) {
                          return parse_record_id(line[i]).has_value();
                        });
    }
    std::vector<ColumnNeed> asked = needs_;
    if (!first) {
      for (std::size_t i = 0; i < asked.size(); ++i) {
        asked[i].spare = 0;
        if (widths_[i] == 0) asked[i] = {};
      }
    }
    widths_ = fit_columns(asked, options_.width > 0 ? options_.width : kUnlimited);
    if (!first) return;
    for (std::size_t i = 0; i < widths_.size(); ++i) {
      // A spare column without a value is missed by nobody.
      if (widths_[i] == 0 && (needs_[i].spare == 0 || needs_[i].content > 0))
        left_out_.push_back(columns_[i].name);
    }
  }

  // From 1, or 0 for a column that is not among the spare ones.
  std::size_t spare_place(const std::string& name) const {
    const auto found = std::find(options_.spare.begin(), options_.spare.end(), name);
    return found == options_.spare.end() ? 0 : static_cast<std::size_t>(found - options_.spare.begin()) + 1;
  }

  void append_line(const std::vector<std::string>& line) {
    std::string& out = stream_.buffer();
    const std::size_t begin = out.size();
    for (std::size_t i = 0; i < line.size(); ++i) {
      if (widths_[i] == 0) continue;
      if (out.size() > begin) out.append(kColumnGap, ' ');
      const std::string text = display_width(line[i]) > widths_[i] ? cut(line[i], widths_[i]) : line[i];
      const std::size_t padding = widths_[i] - std::min(widths_[i], display_width(text));
      if (columns_[i].right) out.append(padding, ' ');
      out += text;
      if (!columns_[i].right) out.append(padding, ' ');
    }
    while (!out.empty() && out.back() == ' ') out.pop_back();
  }

  Stream& stream_;
  WriterOptions options_;
  std::vector<Column> columns_;
  std::vector<ColumnNeed> needs_;
  std::vector<std::size_t> widths_;    // what of that the terminal has room for; 0: the column is left out
  std::vector<std::string> left_out_;  // columns that say something
  std::vector<std::vector<std::string>> held_;
  bool began_ = false;
  bool printing_ = false;
};

}  // namespace

std::unique_ptr<Writer> make_table_writer(Stream& stream, const WriterOptions& options) {
  return std::make_unique<TableWriter>(stream, options);
}

}  // namespace crm::cmd
