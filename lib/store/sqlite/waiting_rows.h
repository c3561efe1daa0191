// Rows that a load of many adds to tables it seldom reads: they wait until there are several, since one
// statement for many costs much less than one for each.
#pragma once

#include <sqlite3.h>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "store/connection.h"
#include "store/sqlite/loader_statement.h"

namespace crm {

class WaitingRows {
 public:
  explicit WaitingRows(sqlite3* database) : database_(database) {}

  // Whether rows of records go to the end of a table without indexes. Those that refer to others, and go into
  // indexes all over the file, are written one by one: of a statement that may fail in the middle SQLite
  // copies each page that it changes.
  void set_records_are_new(bool are_new) { records_are_new_ = are_new; }

  // A bit for each table named in the statement, of those that rows may wait for.
  static unsigned tables_named(std::string_view sql);

  // As Connection::append; false for a table of which no rows wait.
  bool add(std::string_view insert, Params values);
  // Writes the rows that wait for one of these tables, and those that they may refer to.
  void write(unsigned tables);
  void write_all() { write(kAllTables); }
  // With the end of the transaction.
  void clear() noexcept;

 private:
  static constexpr unsigned kAllTables = ~0U;
  static constexpr std::size_t kTables = 5;
  static constexpr std::size_t kSizes = 3;

  struct Table {
    std::string insert;
    std::size_t columns = 0;
    std::vector<Param> values;  // of one row after the other; their texts are in `texts`, which never moves
    std::string texts;
    std::array<LoaderStatement, kSizes> statements;
  };

  // kTables for a table of which no rows wait.
  std::size_t place_of(std::string_view insert, std::size_t columns);
  static void write_rows(Table& table, bool several_at_once);
  static void run(LoaderStatement& statement, Params values);

  sqlite3* database_;
  bool records_are_new_ = false;
  unsigned waiting_ = 0;  // tables, as tables_named() says
  std::array<Table, kTables> tables_;
};

}  // namespace crm
