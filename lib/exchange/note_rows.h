// The rows above the headings of a table: titles and notes to those who fill it in.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crm {

class NoteRows {
 public:
  // `is_heading` tells a heading that is known; without it no row is a note.
  NoteRows(std::string file, const std::function<bool(std::string_view)>& is_heading)
      : file_(std::move(file)), is_heading_(is_heading) {}

  // Whether the row, with which the table begins, is a note: its only cell that is not empty is no known
  // heading.
  template <typename Cells>
  bool is_note(const Cells& cells) {
    if (!is_heading_ || passed_ == kMost) return false;
    std::string_view only;
    for (const std::string_view cell : cells) {
      if (cell.empty()) continue;
      if (!only.empty()) return false;
      only = cell;
    }
    if (is_heading_(only)) return false;
    if (passed_++ == 0) first_ = only;
    return true;
  }
  // What to tell the user; nothing where there was no note.
  std::optional<std::string> remark() const;
  // Throws Error{invalid}: the table ended before its headings.
  [[noreturn]] void refuse() const;

 private:
  static constexpr std::size_t kMost = 20;

  std::string file_;
  const std::function<bool(std::string_view)>& is_heading_;
  std::size_t passed_ = 0;
  std::string first_;
};

}  // namespace crm
