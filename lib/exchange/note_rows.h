// The rows above the headings of a table: titles, notes to those who fill it in, names of groups of columns.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace crm {

class NoteRows {
 public:
  // How many rows are looked at: the headings stand among them.
  static constexpr std::size_t kMost = 21;

  // `is_heading` tells a heading that is known; without it no row is a note.
  NoteRows(std::string file, const std::function<bool(std::string_view)>& is_heading)
      : file_(std::move(file)), is_heading_(is_heading) {}

  // Takes the next row of those with which the table begins; false where no more are needed.
  template <typename Cells>
  bool take(const Cells& cells) {
    Row row;
    row.width = cells.size();
    for (const std::string_view cell : cells) {
      if (cell.empty()) continue;
      if (row.filled++ == 0) row.first = cell;
      if (may_matter(row) && is_known(cell)) ++row.known;
    }
    rows_.push_back(std::move(row));
    return is_heading_ && rows_.size() < kMost && !is_enough();
  }
  std::size_t size() const { return rows_.size(); }
  // How many of the rows stand above the headings. Throws Error{invalid} where none of them is the headings',
  // or there is none.
  std::size_t count() const;
  // Throws Error{invalid}: there is no row at all.
  [[noreturn]] static void refuse_empty(const std::string& file);
  // Whether they hold headings of which some are known.
  bool has_headings() const;
  // What to tell the user; nothing where there was no note.
  std::optional<std::string> remark() const;

 private:
  struct Row {
    std::size_t width = 0;
    std::size_t filled = 0;
    std::size_t known = 0;
    std::string first;
  };
  bool is_known(std::string_view cell) const;
  // Below a row of which a heading is known only one of which all are can be the headings'.
  bool may_matter(const Row& row) const {
    return rows_.empty() || rows_.front().known == 0 || row.known + 1 == row.filled;
  }
  bool is_enough() const;
  bool is_note(const Row& row) const;
  // A title or the names of groups leave cells empty, or know none of their headings.
  static bool is_complete(const Row& row) {
    return row.filled > 1 && row.known == row.filled && row.width == row.filled;
  }
  std::optional<std::size_t> find() const;

  std::string file_;
  const std::function<bool(std::string_view)>& is_heading_;
  std::vector<Row> rows_;
};

}  // namespace crm
