#include "store/sqlite/loader_statement.h"

#include <utility>

#include "store/sqlite/sqlite_error.h"

namespace crm {
namespace {

[[noreturn]] void fail(sqlite3* database, int code) {
  const char* path = sqlite3_db_filename(database, "main");
  throw sqlite_error(database, code, path == nullptr || *path == '\0' ? "the temporary directory" : path);
}

}  // namespace

void run_script(sqlite3* database, const std::string& sql) {
  const int code = sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail(database, code);
}

LoaderStatement::LoaderStatement(sqlite3* database, const std::string& sql) : database_(database) {
  const int code =
      sqlite3_prepare_v3(database, sql.c_str(), -1, SQLITE_PREPARE_PERSISTENT, &handle_, nullptr);
  if (code != SQLITE_OK) fail(database, code);
}

LoaderStatement::LoaderStatement(LoaderStatement&& other) noexcept
    : database_(other.database_), handle_(std::exchange(other.handle_, nullptr)) {}

LoaderStatement& LoaderStatement::operator=(LoaderStatement&& other) noexcept {
  std::swap(database_, other.database_);
  std::swap(handle_, other.handle_);
  return *this;
}

bool LoaderStatement::step() {
  const int code = sqlite3_step(handle_);
  if (code == SQLITE_ROW) return true;
  sqlite3_reset(handle_);
  if (code != SQLITE_DONE) fail(database_, code);
  return false;
}

std::string_view LoaderStatement::bytes(int column) const {
  const auto* data = static_cast<const char*>(sqlite3_column_blob(handle_, column));
  return {data == nullptr ? "" : data, static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
}

}  // namespace crm
