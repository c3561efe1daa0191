#include "exchange/merged_cells.h"

#include <algorithm>
#include <functional>
#include <optional>

namespace crm {
namespace {

constexpr std::string_view kTag = "mergeCell";
constexpr std::size_t kLongestTag = 1024;
constexpr std::string_view kSpaces = " \t\r\n";

// The value of the attribute `ref` in what stands between the tag's name and its end.
std::string_view reference_in(std::string_view attributes) {
  for (std::size_t at = attributes.find("ref"); at != std::string_view::npos;
       at = attributes.find("ref", at + 1)) {
    if (at == 0 || kSpaces.find(attributes[at - 1]) == std::string_view::npos) continue;
    const std::size_t equals = attributes.find_first_not_of(kSpaces, at + 3);
    if (equals == std::string_view::npos || attributes[equals] != '=') continue;
    const std::size_t open = attributes.find_first_not_of(kSpaces, equals + 1);
    if (open == std::string_view::npos || (attributes[open] != '"' && attributes[open] != '\'')) return {};
    const std::size_t close = attributes.find(attributes[open], open + 1);
    return close == std::string_view::npos ? std::string_view()
                                           : attributes.substr(open + 1, close - open - 1);
  }
  return {};
}

std::optional<std::int64_t> row_of(std::string_view reference) {
  const std::size_t digits = reference.find_first_of("0123456789");
  if (digits == std::string_view::npos) return std::nullopt;
  const auto row = positive_number(reference.substr(digits));
  return row && *row <= kMostSheetRows ? row : std::nullopt;
}

}  // namespace

void MergedRegions::take(std::string_view bytes) {
  rest_ += bytes;
  const std::string_view text = rest_;
  const std::boyer_moore_horspool_searcher searcher(kTag.begin(), kTag.end());
  std::size_t keep_from = text.size() > kTag.size() ? text.size() - kTag.size() : 0;
  for (auto from = text.begin();;) {
    const auto found = std::search(from, text.end(), searcher);
    if (found == text.end()) break;
    const auto at = static_cast<std::size_t>(found - text.begin());
    const std::size_t behind = at + kTag.size();
    from = text.begin() + static_cast<std::ptrdiff_t>(behind);
    const std::size_t end = text.find('>', behind);
    if (end == std::string_view::npos) {
      if (text.size() - at < kLongestTag) keep_from = at > 0 ? at - 1 : 0;
      break;
    }
    const bool is_tag = at > 0 && (text[at - 1] == '<' || text[at - 1] == ':') &&
                        kSpaces.find(text[behind]) != std::string_view::npos;
    if (is_tag) add(reference_in(text.substr(behind, end - behind)));
  }
  rest_.erase(0, keep_from);
}

void MergedRegions::add(std::string_view reference) {
  const std::size_t colon = reference.find(':');
  if (colon == std::string_view::npos) return;
  const auto column = column_of(reference);
  const auto first = row_of(reference.substr(0, colon));
  const auto last = row_of(reference.substr(colon + 1));
  if (!column || !first || !last || *last <= *first) return;
  if (regions_.size() == kMost) {
    too_many_ = true;
  } else {
    regions_.push_back({*first, *last, *column});
  }
}

std::vector<MergedRegion> MergedRegions::sorted() {
  std::stable_sort(regions_.begin(), regions_.end(),
                   [](const MergedRegion& a, const MergedRegion& b) { return a.first_row < b.first_row; });
  return std::move(regions_);
}

void MergedCells::fill(SheetRow& row) {
  std::erase_if(held_, [&](const Held& held) {
    const bool over = held.last_row < row.number;
    if (over) held_bytes_ -= held.text.size();
    return over;
  });
  if (!held_.empty()) add_values(row);
  hold(row);
}

void MergedCells::add_values(SheetRow& row) {
  const std::size_t own = row.cells.size();
  const auto is_own = [&](std::size_t column) {
    const auto end = row.cells.begin() + static_cast<std::ptrdiff_t>(own);
    const auto found =
        std::lower_bound(row.cells.begin(), end, column,
                         [](const SheetRow::Cell& cell, std::size_t sought) { return cell.column < sought; });
    return found != end && found->column == column;
  };
  for (const Held& held : held_) {
    if (is_own(held.column)) continue;
    row.cells.push_back({held.column, row.text.size(), held.text.size()});
    row.text += held.text;
    bytes_ += held.text.size();
    if (filled_++ == 0) first_ = column_letters(held.column) + std::to_string(row.number);
  }
  std::sort(row.cells.begin(), row.cells.end(),
            [](const SheetRow::Cell& a, const SheetRow::Cell& b) { return a.column < b.column; });
}

// What the row has in cells with which a region begins.
void MergedCells::hold(const SheetRow& row) {
  for (; next_ < regions_.size() && regions_[next_].first_row <= row.number; ++next_) {
    const MergedRegion& region = regions_[next_];
    if (region.first_row != row.number) continue;
    const auto cell = std::find_if(row.cells.begin(), row.cells.end(),
                                   [&](const SheetRow::Cell& one) { return one.column == region.column; });
    if (cell == row.cells.end()) continue;
    std::erase_if(held_, [&](const Held& held) {
      const bool same = held.column == region.column;
      if (same) held_bytes_ -= held.text.size();
      return same;
    });
    held_.push_back({region.column, region.last_row, std::string(row[*cell])});
    held_bytes_ += held_.back().text.size();
  }
}

}  // namespace crm
