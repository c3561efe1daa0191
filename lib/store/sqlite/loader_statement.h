// Statements on the tables behind the search index, which the ordinary connection refuses to write.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace crm {

// Throws Error{io} and the like.
void run_script(sqlite3* database, const std::string& sql);

class LoaderStatement {
 public:
  LoaderStatement() = default;
  // Throws where it cannot be prepared.
  LoaderStatement(sqlite3* database, const std::string& sql);
  ~LoaderStatement() { sqlite3_finalize(handle_); }
  LoaderStatement(LoaderStatement&& other) noexcept;
  LoaderStatement& operator=(LoaderStatement&& other) noexcept;
  LoaderStatement(const LoaderStatement&) = delete;
  LoaderStatement& operator=(const LoaderStatement&) = delete;

  // Parameters and columns count from 1 and 0, as in SQLite. Texts and blobs must outlive the step.
  void bind(int parameter, std::int64_t value) { sqlite3_bind_int64(handle_, parameter, value); }
  void bind_text(int parameter, std::string_view text) {
    sqlite3_bind_text64(handle_, parameter, text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8);
  }
  void bind_blob(int parameter, std::string_view bytes) {
    sqlite3_bind_blob64(handle_, parameter, bytes.data(), bytes.size(), SQLITE_STATIC);
  }
  void bind_null(int parameter) { sqlite3_bind_null(handle_, parameter); }
  // Whether there is a row; at the end the statement can be used again.
  bool step();
  std::int64_t integer(int column) const { return sqlite3_column_int64(handle_, column); }
  std::string_view bytes(int column) const;

 private:
  sqlite3* database_ = nullptr;
  sqlite3_stmt* handle_ = nullptr;
};

}  // namespace crm
