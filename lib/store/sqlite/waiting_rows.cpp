#include "store/sqlite/waiting_rows.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace crm {
namespace {

// One comes before those that refer to it.
constexpr std::array<std::string_view, 5> kTableNames = {"customer", "contact", "lead", "event",
                                                         "external_ref"};
constexpr std::array<std::size_t, 3> kRowsAtOnce = {32, 8, 1};  // in one statement
constexpr std::size_t kMostRowsWaiting = 256;                   // of one table
constexpr std::size_t kTablesOfRecords = 3;                     // the first ones
constexpr std::size_t kMostBytesWaiting = 96 * 1024;

std::string_view bytes_of_param(const Param& value) {
  if (const auto* text = std::get_if<std::string_view>(&value.value())) return *text;
  if (const auto* blob = std::get_if<Blob>(&value.value())) return blob->bytes;
  return {};
}

// The same INSERT for so many rows. Where one fails, those before it stay: else SQLite would keep a copy of
// each page that the statement changes. It is the transaction that takes them back.
std::string insert_rows(std::string_view insert, std::size_t columns, std::size_t rows) {
  constexpr std::string_view kInsert = "INSERT ", kValues = "VALUES ";
  std::string sql = "INSERT OR FAIL ";
  sql += insert.substr(kInsert.size(), insert.rfind(kValues) + kValues.size() - kInsert.size());
  std::string row = "(";
  for (std::size_t i = 0; i < columns; ++i) row += i == 0 ? "?" : ", ?";
  row += ')';
  for (std::size_t i = 0; i < rows; ++i) sql += i == 0 ? row : ", " + row;
  return sql;
}

}  // namespace

WaitingRows::WaitingRows(sqlite3* database)
    : database_(database), writer_([this](const RowBlock& block) { write_block(block); }) {}

unsigned WaitingRows::tables_named(std::string_view sql) {
  static_assert(kTableNames.size() == kTables && kRowsAtOnce.size() == kSizes);
  unsigned named = 0;
  for (std::size_t i = 0; i < kTables; ++i) {
    if (sql.find(kTableNames[i]) != std::string_view::npos) named |= 1U << i;
  }
  return named;
}

std::size_t WaitingRows::place_of(std::string_view insert, std::size_t columns) {
  for (std::size_t place = 0; place < kTables; ++place) {
    if (tables_[place].insert == insert) return place;
  }
  const std::string_view head = insert.substr(0, insert.find('('));
  const auto place = static_cast<std::size_t>(std::countr_zero(tables_named(head)));
  if (place >= kTables) return kTables;
  write(1U << place);
  Table& table = tables_[place];
  table.insert.clear();
  table.columns = columns;
  make_room(table);
  for (std::size_t i = 0; i < kSizes; ++i)
    table.statements[i] = LoaderStatement(database_, insert_rows(insert, columns, kRowsAtOnce[i]));
  table.insert = insert;
  return place;
}

void WaitingRows::make_room(Table& table) {
  table.rows->values.reserve(kMostRowsWaiting * table.columns);
  table.rows->texts.reserve(kMostBytesWaiting);
}

bool WaitingRows::add(std::string_view insert, Params values, bool beside) {
  const std::size_t place = place_of(insert, values.size());
  if (place == kTables) return false;
  Table& table = tables_[place];
  std::size_t bytes = 0;
  for (const Param& value : values) bytes += bytes_of_param(value).size();
  if (table.rows->texts.size() + bytes > kMostBytesWaiting) pass_on(place, beside);
  if (bytes > kMostBytesWaiting) {
    write(kAllTables);
    run(table.statements.back(), values);
    return true;
  }
  RowBlock& rows = *table.rows;
  for (const Param& value : values) {
    const std::string_view given = bytes_of_param(value);
    const std::string_view kept(rows.texts.data() + rows.texts.size(), given.size());
    rows.texts += given;
    if (std::holds_alternative<std::string_view>(value.value())) {
      rows.values.emplace_back(kept);
    } else if (std::holds_alternative<Blob>(value.value())) {
      rows.values.emplace_back(Blob{kept});
    } else {
      rows.values.push_back(value);
    }
  }
  waiting_ |= 1U << place;
  if (table.rows->values.size() >= kMostRowsWaiting * table.columns) pass_on(place, beside);
  return true;
}

// To the thread, where that may use the database.
void WaitingRows::pass_on(std::size_t place, bool beside) {
  if (!beside) return write(1U << place);
  for (std::size_t i = 0; i <= place; ++i) {
    Table& table = tables_[i];
    if (table.rows->values.empty()) continue;
    table.rows->place = i;
    table.rows->several_at_once = records_are_new_ || i >= kTablesOfRecords;
    auto spare = writer_.take_spare();
    writer_.hand_over(std::exchange(table.rows, std::move(spare)));
    make_room(table);
  }
  waiting_ &= ~0U << (place + 1);
}

void WaitingRows::write(unsigned tables) {
  settle();
  if ((waiting_ & tables) == 0) return;
  const auto last = static_cast<std::size_t>(std::bit_width(waiting_ & tables));
  for (std::size_t i = 0; i < last; ++i) {
    RowBlock& rows = *tables_[i].rows;
    rows.place = i;
    rows.several_at_once = records_are_new_ || i >= kTablesOfRecords;
    write_block(rows);
    rows.clear();
  }
  waiting_ &= ~0U << last;
}

void WaitingRows::write_block(const RowBlock& block) {
  Table& table = tables_[block.place];
  Params left(block.values);
  for (std::size_t i = block.several_at_once ? 0 : kSizes - 1; i < kSizes; ++i) {
    const std::size_t values = kRowsAtOnce[i] * table.columns;
    for (; !left.empty() && left.size() >= values; left = left.subspan(values))
      run(table.statements[i], left.first(values));
  }
}

void WaitingRows::run(LoaderStatement& statement, Params values) {
  int parameter = 0;
  for (const Param& value : values) {
    ++parameter;
    if (const auto* integer = std::get_if<std::int64_t>(&value.value())) {
      statement.bind(parameter, *integer);
    } else if (const auto* text = std::get_if<std::string_view>(&value.value())) {
      statement.bind_text(parameter, *text);
    } else if (const auto* blob = std::get_if<Blob>(&value.value())) {
      statement.bind_blob(parameter, blob->bytes);
    } else {
      statement.bind_null(parameter);
    }
  }
  statement.step();
}

void WaitingRows::clear() noexcept {
  writer_.drop();
  waiting_ = 0;
  for (Table& table : tables_) table.rows->clear();
}

}  // namespace crm
