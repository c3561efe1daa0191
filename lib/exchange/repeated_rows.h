// Rows of a very long file that name a reference which is known already. They are kept until there are many:
// to write the record of one, what the rows before it brought must be written too, and nothing is written
// beside.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "exchange/incoming_row.h"

namespace crm {

class RepeatedRows {
 public:
  struct Kept {
    std::int64_t line = 0;
    IncomingRow row;
    std::vector<std::string> amounts;  // what the row's bare amounts are views of
  };

  // Takes the row, which began on that line and was so many bytes long, and leaves one behind that can be
  // filled anew.
  void keep(std::int64_t line, std::size_t bytes, IncomingRow& row);
  bool are_many() const;
  // All of them, in the order of the file; visit() may take the row out. They are gone before the first
  // visit.
  template <typename Visit>
  void take(Visit visit) {
    const std::size_t count = std::exchange(count_, 0);
    bytes_ = 0;
    for (std::size_t i = 0; i < count; ++i) visit(kept_[i]);
  }

 private:
  std::vector<Kept> kept_;  // those behind `count_` are there to be used again
  std::size_t count_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace crm
