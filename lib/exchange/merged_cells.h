// Cells of a sheet that are merged across rows: the value stands in the first of them, and people see it as
// that of each row. Of columns that are merged only the first gets it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "exchange/sheet_row.h"
#include "modules/sheet.h"

namespace crm {

struct MergedRegion {
  std::int64_t first_row = 0, last_row = 0;  // from 1
  std::size_t column = 0;                    // the first, from 0
};

// Finds the regions of more than one row in the text of a sheet's part, where they stand behind all rows.
class MergedRegions final : public PartBytes {
 public:
  static constexpr std::size_t kMost = 1'000'000;

  void take(std::string_view bytes) override;
  // "A2:B5"; what is none, or is of one row, is nothing.
  void add(std::string_view reference);
  // In the order of their first rows.
  std::vector<MergedRegion> sorted();
  // Whether there were more of them.
  bool too_many() const { return too_many_; }

 private:
  std::string rest_;  // of the bytes taken before, where a tag may go on
  std::vector<MergedRegion> regions_;
  bool too_many_ = false;
};

class MergedCells {
 public:
  explicit MergedCells(std::vector<MergedRegion> regions) : regions_(std::move(regions)) {}

  bool is_empty() const { return regions_.empty(); }

  // Gives the row the values of the cells that are merged with those above, where it has none of its own.
  // Rows come in order.
  void fill(SheetRow& row);
  // How many values it gave, of how many bytes, and to which cell first ("A3").
  std::int64_t filled() const { return filled_; }
  std::uint64_t bytes() const { return bytes_; }
  const std::string& first() const { return first_; }
  // The bytes of the values that rows to come may get.
  std::size_t held_bytes() const { return held_bytes_; }

 private:
  struct Held {
    std::size_t column;
    std::int64_t last_row;
    std::string text;
  };
  void add_values(SheetRow& row);
  void hold(const SheetRow& row);

  std::vector<MergedRegion> regions_;
  std::size_t next_ = 0;  // of them
  std::vector<Held> held_;
  std::size_t held_bytes_ = 0;
  std::int64_t filled_ = 0;
  std::uint64_t bytes_ = 0;
  std::string first_;
};

}  // namespace crm
