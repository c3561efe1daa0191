// A row of a file as what it says of a record, cell by cell.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "exchange/cell_reader.h"
#include "exchange/column_plan.h"
#include "exchange/incoming_row.h"
#include "exchange/row_source.h"

namespace crm {

class RowReader {
 public:
  // The session, the reader of cells and the plan must outlive it.
  RowReader(Session& session, Kind kind, CellReader& cells, const ColumnPlan& plan);

  // The row's views are in `into`. Throws as CellReader does, and CellReader::SkipRow for a row that the file
  // says is to be left out.
  void read(const InputRow& row, IncomingRow& into);
  // The amounts that name no currency in that of the record that the row is about.
  void read_amounts(IncomingRow& row, std::string_view currency);
  // The column being read, or kFixed outside of one: where an error lies.
  std::size_t column() const { return column_; }
  void leave() { column_ = ColumnTarget::kFixed; }
  // References to records that are not there, which a column that takes only known ones left out.
  struct MissingRecords {
    std::int64_t count = 0;
    std::string example;
  };
  const std::map<Kind, MissingRecords>& missing() const { return missing_; }

 private:
  void read_cell(std::size_t target, std::string_view text, const InputField* cell, IncomingRow& into);
  void read_field(std::size_t target, std::string_view text, IncomingRow& into);
  void read_list_cell(const ColumnTarget& target, std::string_view text, const InputField* cell,
                      IncomingRow& into);
  void put_name_together(IncomingRow& into) const;
  void append_further(IncomingRow& into) const;
  void settle_done(IncomingRow& into) const;
  void settle_reference(IncomingRow& into);
  void note_missing(const IncomingRow& row);
  void put_first(std::size_t target, std::string_view text, IncomingRow& into);
  void read_known(std::size_t target, std::string_view text, IncomingRow& into);
  std::string_view first_value(const ColumnTarget& target, std::string_view text, IncomingRow& into);
  static void note_further(const ColumnTarget& target, std::string_view value, IncomingRow& into);
  void note_other_record(const ColumnTarget& target, std::string_view text, const std::string& given,
                         IncomingRow& into);
  void add_to_given(const ColumnTarget& target, std::string_view text, IncomingRow& into);
  static void note_as_written(const ColumnTarget& target, RecordId named, const Value& value,
                              IncomingRow& into);
  void check_currency(const ColumnTarget& target, std::string_view text, const IncomingRow& into) const;
  std::string_view currency_of(const IncomingRow& row) const;

  Session& session_;
  Kind kind_;
  CellReader& cells_;
  const ColumnPlan& plan_;
  std::size_t currency_at_;
  std::size_t name_at_;
  std::size_t note_at_;
  std::size_t column_ = ColumnTarget::kFixed;
  bool is_number_ = false;                                         // the cell being read
  std::string meaning_;                                            // of a cell's value
  std::string dated_;                                              // a cell's day with its time
  bool is_primary_ = false;                                        // the cell being read
  std::vector<std::pair<std::size_t, std::string>> unknown_refs_;  // of the row: the target, the cell's
  std::map<Kind, MissingRecords> missing_;
};

}  // namespace crm
