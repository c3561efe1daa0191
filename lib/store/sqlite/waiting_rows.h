// Rows that a load of many adds to tables it seldom reads: they wait until there are several, since one
// statement for many costs much less than one for each, and a thread of their own writes them while the next
// ones are made.
#pragma once

#include <sqlite3.h>

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "store/connection.h"
#include "store/sqlite/loader_statement.h"
#include "store/sqlite/row_writer.h"

namespace crm {

class WaitingRows {
 public:
  explicit WaitingRows(sqlite3* database);

  // Whether rows of records go to the end of a table without indexes. Those that refer to others, and go into
  // indexes all over the file, are written one by one: of a statement that may fail in the middle SQLite
  // copies each page that it changes.
  void set_records_are_new(bool are_new) { records_are_new_ = are_new; }

  // A bit for each table named in the statement, of those that rows may wait for.
  static unsigned tables_named(std::string_view sql);

  // As Connection::append; false for a table of which no rows wait. `beside`: the thread may use the database
  // when this has returned.
  bool add(std::string_view insert, Params values, bool beside);
  // Writes the rows that wait for one of these tables, and those that they may refer to. The thread does not
  // use the database any more, as after settle(). Throws what writing a row threw, this one or an earlier.
  void write(unsigned tables);
  void write_all() { write(kAllTables); }
  void settle() { writer_.settle(); }
  // With the end of the transaction.
  void clear() noexcept;

 private:
  static constexpr unsigned kAllTables = ~0U;
  static constexpr std::size_t kTables = 5;
  static constexpr std::size_t kSizes = 3;

  struct Table {
    std::string insert;
    std::size_t columns = 0;
    std::unique_ptr<RowBlock> rows = std::make_unique<RowBlock>();
    std::array<LoaderStatement, kSizes> statements;
  };

  // kTables for a table of which no rows wait.
  std::size_t place_of(std::string_view insert, std::size_t columns);
  void make_room(Table& table);
  void pass_on(std::size_t place, bool beside);
  void write_block(const RowBlock& block);
  static void run(LoaderStatement& statement, Params values);

  sqlite3* database_;
  bool records_are_new_ = false;
  unsigned waiting_ = 0;  // tables, as tables_named() says
  std::array<Table, kTables> tables_;
  RowWriter writer_;
};

}  // namespace crm
