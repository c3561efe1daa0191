#include "store/sqlite/database_file.h"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "crm/error.h"
#include "store/sqlite/joined_files.h"
#include "store/sqlite/sqlite_error.h"

namespace crm {
namespace {

void create_directory_for(const std::string& path) {
  const std::filesystem::path parent = std::filesystem::path(path).parent_path();
  std::error_code error;
  if (parent.empty() || std::filesystem::exists(parent, error)) return;
  std::filesystem::create_directories(parent, error);
  if (error)
    throw Error(ErrorCode::io, "cannot create the directory '" + parent.string() + "': " + error.message());
  ::chmod(parent.c_str(), 0700);
}

// Makes it, or says why there is none to be opened.
void prepare_file(const std::string& path, const SqliteOptions& options) {
  struct stat status {};
  if (options.create) {
    create_directory_for(path);
    // An empty file, such as mktemp makes, is as good as none.
    const bool is_empty =
        ::lstat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) && status.st_size == 0;
    if (!is_empty) return create_private_file(path);
    if (::chmod(path.c_str(), 0600) == 0) return;
    throw Error(ErrorCode::io, "cannot make '" + path + "' private: " + std::strerror(errno));
  }
  if (::stat(path.c_str(), &status) != 0) {
    if (errno != ENOENT && errno != ENOTDIR)
      throw Error(ErrorCode::io, "cannot open '" + path + "': " + std::strerror(errno));
    throw Error(ErrorCode::not_found, "there is no database at '" + path + "'",
                "make one with 'crm init', or name another with --db");
  }
  if (!S_ISREG(status.st_mode)) {
    throw Error(ErrorCode::io, "'" + path + "' is not a file", "name a database file with --db");
  }
}

// The characters that mean something in a URI are written by their numbers.
std::string unchanging_uri(const std::string& path) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string uri = path.starts_with('/') ? "file://" : "file:";
  for (const char c : path) {
    if (c == '%' || c == '?' || c == '#') {
      const auto byte = static_cast<unsigned char>(c);
      for (const char digit : {'%', kDigits[byte >> 4], kDigits[byte & 15]}) uri += digit;
    } else {
      uri += c;
    }
  }
  return uri + "?immutable=1";
}

// Once in a process. Refused, and no harm, where something else in it uses SQLite already.
void configure_engine() {
  // What a savepoint may have to put back: the first that does not fit goes to a file, and so do all after
  // it. It goes there in one piece, and SQLite takes a write of 128 KiB or more for one of what is over.
  constexpr int kSavepointBytes = 31 * 4096;
  static const bool configured = [] {
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);  // it would count every allocation under a lock
    return sqlite3_config(SQLITE_CONFIG_STMTJRNL_SPILL, kSavepointBytes) == SQLITE_OK;
  }();
  static_cast<void>(configured);
}

}  // namespace

// The file exists with mode 0600 before SQLite opens it: -wal and -shm inherit the mode.
void create_private_file(const std::string& path) {
  const int file = ::open(path.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0) {
    if (errno == EEXIST)
      throw Error(ErrorCode::conflict, "'" + path + "' is already there", "name another file");
    throw Error(ErrorCode::io, "cannot create '" + path + "': " + std::strerror(errno),
                "check the directory and its rights");
  }
  ::close(file);
}

std::unique_ptr<SQLite::Database> open_database(const std::string& path, const SqliteOptions& options) {
  if (!options.in_memory) prepare_file(path, options);
  configure_engine();
  int flags =
      (options.mode == AccessMode::write || options.create ? SQLite::OPEN_READWRITE : SQLite::OPEN_READONLY) |
      SQLite::OPEN_NOMUTEX;
  if (options.unchanging) flags |= SQLite::OPEN_URI;
  const bool has_log = (flags & SQLite::OPEN_READWRITE) != 0 && !options.in_memory;
  const char* files = has_log ? joined_files() : nullptr;
  try {
    return std::make_unique<SQLite::Database>((options.unchanging ? unchanging_uri(path) : path).c_str(),
                                              flags, 0, files);
  } catch (const SQLite::Exception& exception) {
    throw sqlite_error(nullptr, exception.getErrorCode(), path);
  }
}

}  // namespace crm
