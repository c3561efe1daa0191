#include "exchange/note_rows.h"

#include <algorithm>

#include "base/text.h"
#include "crm/error.h"

namespace crm {
namespace {

constexpr std::size_t kLongestHeading = 200;  // bytes

std::string name_of(const std::string& file) {
  return file == "-" ? "the standard input" : quoted(file);
}

}  // namespace

bool NoteRows::is_known(std::string_view cell) const {
  return is_heading_ && cell.size() <= kLongestHeading && is_heading_(cell);
}

// Its only cell is no known heading.
bool NoteRows::is_note(const Row& row) const {
  return is_heading_ && row.filled == 1 && row.known == 0;
}

bool NoteRows::is_enough() const {
  const Row& last = rows_.back();
  return is_complete(last) || (rows_.size() > 1 && last.known >= 2 && last.known == last.filled &&
                               last.known > rows_.front().known);
}

// The first row that is no note, unless one further down knows more of its headings: all of them, or most
// where the first has none that is known.
std::optional<std::size_t> NoteRows::find() const {
  const auto first = std::find_if(rows_.begin(), rows_.end(), [&](const Row& row) { return !is_note(row); });
  if (first == rows_.end()) return std::nullopt;
  const auto better =
      is_complete(*first) ? rows_.end() : std::find_if(first + 1, rows_.end(), [&](const Row& row) {
        const bool all = row.known == row.filled && row.known > first->known;
        const bool most = first->known == 0 && row.known * 2 >= row.filled;
        return row.known >= 2 && (all || most);
      });
  return static_cast<std::size_t>((better == rows_.end() ? first : better) - rows_.begin());
}

bool NoteRows::has_headings() const {
  const auto found = find();
  return found && rows_[*found].known > 0;
}

void NoteRows::refuse_empty(const std::string& file) {
  throw Error(ErrorCode::invalid, name_of(file) + " has no headings", "its first line must name the columns");
}

std::size_t NoteRows::count() const {
  const auto found = find();
  if (rows_.empty()) refuse_empty(file_);
  if (found && (*found == 0 || rows_[*found].known > 0)) return *found;
  const bool one_column =
      std::all_of(rows_.begin(), rows_.end(), [](const Row& row) { return row.filled == 1; });
  throw Error(ErrorCode::invalid,
              name_of(file_) + " has no headings that are known: its " +
                  (one_column ? "only column is " : "first row is ") + quoted(rows_.front().first),
              one_column ? "say what it is with --map COLUMN=FIELD"
                         : "say what a column is with --map COLUMN=FIELD, or what stands between two with "
                           "--delimiter");
}

std::optional<std::string> NoteRows::remark() const {
  const std::size_t notes = count();
  if (notes == 0) return std::nullopt;
  return "passed over " + std::to_string(notes) + (notes == 1 ? " row" : " rows") +
         " above the headings: " + quoted(rows_.front().first);
}

}  // namespace crm
