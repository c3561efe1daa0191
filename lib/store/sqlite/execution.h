// One run of a prepared statement: its values, its rows, and that it ends.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "store/connection.h"
#include "store/sqlite/statement_cache.h"

namespace crm {

class SqliteRow final : public Row {
 public:
  explicit SqliteRow(sqlite3_stmt* statement) : statement_(statement) {}
  bool is_null(int column) const override { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
  std::int64_t integer(int column) const override { return sqlite3_column_int64(statement_, column); }
  double real(int column) const override { return sqlite3_column_double(statement_, column); }
  // Of a text, the bytes as a blob are the text: it saves asking for the type.
  std::string_view text(int column) const override {
    const void* bytes = sqlite3_column_blob(statement_, column);
    if (bytes == nullptr) return {};
    return {static_cast<const char*>(bytes),
            static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
  }
  Value value(int column) const override {
    switch (sqlite3_column_type(statement_, column)) {
      case SQLITE_NULL:
        return {};
      case SQLITE_INTEGER:
        return integer(column);
      default:
        return std::string(text(column));
    }
  }

 private:
  sqlite3_stmt* statement_;
};

// Leaves the statement ready for its next use, whatever happens.
class Execution {
 public:
  Execution(PreparedStatement& statement, Params params) : statement_(statement) {
    sqlite3_stmt* handle = statement.handle();
    for (std::size_t i = 0; i < params.size(); ++i) {
      const int index = statement.parameter(i + 1);
      if (index != 0) bind(handle, index, params[i].value());
    }
  }
  ~Execution() { sqlite3_reset(statement_.handle()); }
  Execution(const Execution&) = delete;
  Execution& operator=(const Execution&) = delete;

  int step() { return sqlite3_step(statement_.handle()); }

 private:
  static void bind(sqlite3_stmt* handle, int index, const Param::Variant& value) {
    if (const auto* integer = std::get_if<std::int64_t>(&value)) {
      sqlite3_bind_int64(handle, index, *integer);
    } else if (const auto* text = std::get_if<std::string_view>(&value)) {
      sqlite3_bind_text64(handle, index, text->data() != nullptr ? text->data() : "", text->size(),
                          SQLITE_STATIC, SQLITE_UTF8);
    } else if (const auto* blob = std::get_if<Blob>(&value)) {
      sqlite3_bind_blob64(handle, index, blob->bytes.data(), blob->bytes.size(), SQLITE_STATIC);
    } else {
      sqlite3_bind_null(handle, index);
    }
  }

  PreparedStatement& statement_;
};

// How many statements of a connection are running.
class Nesting {
 public:
  explicit Nesting(int& depth) : depth_(depth) { ++depth_; }
  ~Nesting() { --depth_; }
  Nesting(const Nesting&) = delete;
  Nesting& operator=(const Nesting&) = delete;

 private:
  int& depth_;
};

}  // namespace crm
