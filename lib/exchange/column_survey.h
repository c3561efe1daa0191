// What all cells of a column tell where one alone could be read in two ways.
#pragma once

#include <cstddef>
#include <string>
#include <utility>

#include "crm/decimal_mark.h"
#include "crm/time.h"
#include "exchange/row_source.h"

namespace crm {

// Each look reads the file anew. Both throw as open_rows() does.
class ColumnSurvey {
 public:
  // The file as it is opened for the import. Of the standard input, which cannot be read twice, nothing is
  // known.
  ColumnSurvey(std::string path, RowSourceOptions options)
      : path_(std::move(path)), options_(std::move(options)) {}

  // Which of day and month stands first: known where some dates can be read in one way only and all of them
  // in that way.
  DateOrder date_order(std::size_t column) const;

  struct DecimalMarks {
    bool point = false;
    bool comma = false;
  };
  // Those that amounts of the column have for sure. Cells that are numbers do not count.
  DecimalMarks decimal_marks(std::size_t column) const;

 private:
  // Until visit(cell) returns false.
  template <typename Visit>
  void each_cell(std::size_t column, Visit visit) const;

  std::string path_;
  RowSourceOptions options_;
};

}  // namespace crm
