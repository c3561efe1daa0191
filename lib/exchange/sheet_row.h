// A row of a sheet, and how its program names places in the sheet.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crm {

constexpr std::size_t kMostSheetColumns = 16'384;
constexpr std::int64_t kMostSheetRows = 1'048'576;

// The texts of a row's cells as people see them, behind each other in one string.
struct SheetRow {
  struct Cell {
    std::size_t column;  // from 0, rising
    std::size_t begin;
    std::size_t size;        // 0: empty
    bool is_number = false;  // and no date
  };
  std::int64_t number = 0;  // from 1
  std::string text;
  std::vector<Cell> cells;

  std::string_view operator[](const Cell& cell) const {
    return std::string_view(text).substr(cell.begin, cell.size);
  }
};

// A whole number above zero; nothing for any other text.
std::optional<std::int64_t> positive_number(std::string_view text);
// "B", "AA" of a column from 0.
std::string column_letters(std::size_t column);
// The column of "AB12", from 0; nothing where there is no such column.
std::optional<std::size_t> column_of(std::string_view reference);

}  // namespace crm
