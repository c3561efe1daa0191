#include "store/sqlite/sqlite_error.h"

#include <sqlite3.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <optional>

namespace crm {
namespace {

// With so many bytes where the database is, something else is full.
constexpr std::uintmax_t kPlenty = 100'000'000;

std::optional<std::uintmax_t> bytes_free(const std::string& path) {
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  std::error_code error;
  const auto space = std::filesystem::space(folder.empty() ? "." : folder, error);
  return error ? std::nullopt : std::optional(space.available);
}

std::string free_space(const std::string& path) {
  const auto space = bytes_free(path);
  return space ? std::to_string(*space) + " bytes are free" : std::string();
}

Error disk_full(const std::string& path) {
  const std::string space = free_space(path);
  if (bytes_free(path).value_or(0) < kPlenty) {
    return {ErrorCode::io, "no space left for '" + path + "'" + (space.empty() ? "" : ": " + space),
            "free some space and run the command again; nothing was changed"};
  }
  return {ErrorCode::io, "no space left for '" + path + "' or for temporary files: " + space + " beside it",
          "free some in the temporary directory (TMPDIR names another), or raise the quota or the limit of a "
          "file's size; nothing was changed"};
}

}  // namespace

Error sqlite_error(sqlite3* database, int code, const std::string& path) {
  const int extended = database != nullptr ? sqlite3_extended_errcode(database) : code;
  const int system = database != nullptr ? sqlite3_system_errno(database) : 0;
  const std::string detail = database != nullptr ? sqlite3_errmsg(database) : sqlite3_errstr(code);
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {ErrorCode::busy, "the database '" + path + "' is busy",
              "try again, or wait longer with --timeout"};
    case SQLITE_FULL:
      return disk_full(path);
    case SQLITE_IOERR:
      if (system == ENOSPC || system == EDQUOT || system == EFBIG) return disk_full(path);
      if (extended == SQLITE_IOERR_SHMSIZE || extended == SQLITE_IOERR_SHMOPEN) {
        const std::string space = free_space(path);
        return {ErrorCode::io,
                "cannot make the index of the write-ahead log beside '" + path + "'" +
                    (space.empty() ? "" : ": " + space),
                "free some space or make its directory writable"};
      }
      return {
          ErrorCode::io,
          "cannot read or write '" + path + "': " + (system != 0 ? std::strerror(system) : detail.c_str()),
          "nothing was changed"};
    case SQLITE_READONLY:
      return {ErrorCode::io, "the database '" + path + "' is read-only",
              "check the rights of the file and its directory"};
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
    case SQLITE_AUTH:
      return {ErrorCode::io,
              "cannot open '" + path + "'" +
                  (system != 0 ? std::string(": ") + std::strerror(system) : std::string()),
              "check the path and its rights"};
    case SQLITE_NOTADB:
      return {ErrorCode::failed, "'" + path + "' is not a crm database",
              "name another file with --db, or make one with 'crm init'"};
    case SQLITE_CORRUPT:
      return {ErrorCode::io, "the database '" + path + "' is damaged",
              "run 'crm doctor', and restore a backup"};
    case SQLITE_CONSTRAINT:
      return {ErrorCode::conflict, "the change conflicts with what is stored: " + detail};
    case SQLITE_TOOBIG:
      return {ErrorCode::invalid, "a value or a condition is too large"};
    case SQLITE_NOMEM:
      return {ErrorCode::failed, "out of memory"};
    case SQLITE_INTERRUPT:
      return {ErrorCode::failed, "interrupted"};
    default:
      return {ErrorCode::failed, "the database refused the operation: " + detail};
  }
}

}  // namespace crm
