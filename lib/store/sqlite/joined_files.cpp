#include "store/sqlite/joined_files.h"

#include <algorithm>
#include <new>

#include "store/sqlite/early_writeback.h"
#include "store/sqlite/joined_log.h"
#include "store/sqlite/joined_pages.h"

namespace crm {
namespace {

struct LogFile;

// What SQLite has of a file. That of the VFS below lies right behind it.
struct alignas(sqlite3_int64) DatabaseFile {
  sqlite3_file base;
  LogFile* log;
  JoinedPages joined;
};
struct alignas(sqlite3_int64) LogFile {
  sqlite3_file base;
  DatabaseFile& database;
  JoinedLog joined;
};
constexpr std::size_t kOwnSize = std::max(sizeof(DatabaseFile), sizeof(LogFile));

sqlite3_file* below(sqlite3_file* file) {
  return reinterpret_cast<sqlite3_file*>(reinterpret_cast<char*>(file) + kOwnSize);
}
sqlite3_vfs* below(sqlite3_vfs* files) {
  return static_cast<sqlite3_vfs*>(files->pAppData);
}
template <class File>
auto& joined(sqlite3_file* file) {
  return reinterpret_cast<File*>(file)->joined;
}

// A method that is left to the file, or the VFS, below.
template <auto kMethod>
struct Passed;
template <class Result, class... Args, Result (*sqlite3_io_methods::*kMethod)(sqlite3_file*, Args...)>
struct Passed<kMethod> {
  static Result call(sqlite3_file* file, Args... args) {
    return (below(file)->pMethods->*kMethod)(below(file), args...);
  }
};
template <class Result, class... Args, Result (*sqlite3_vfs::*kMethod)(sqlite3_vfs*, Args...)>
struct Passed<kMethod> {
  static Result call(sqlite3_vfs* files, Args... args) {
    return (below(files)->*kMethod)(below(files), args...);
  }
};
template <auto kMethod>
constexpr auto kPassed = &Passed<kMethod>::call;

// The same, once nothing waits to be written.
template <class File, auto kMethod>
struct Flushed;
template <class File, class... Args, int (*sqlite3_io_methods::*kMethod)(sqlite3_file*, Args...)>
struct Flushed<File, kMethod> {
  static int call(sqlite3_file* file, Args... args) {
    const int code = joined<File>(file).flush();
    return code != SQLITE_OK ? code : Passed<kMethod>::call(file, args...);
  }
};
template <class File, auto kMethod>
constexpr auto kFlushed = &Flushed<File, kMethod>::call;

template <class File>
int sync_joined(sqlite3_file* file, int flags) {
  const int code = joined<File>(file).flush();
  joined<File>(file).end_early_writeback();
  return code != SQLITE_OK ? code : Passed<&sqlite3_io_methods::xSync>::call(file, flags);
}
template <class File>
int write_joined(sqlite3_file* file, const void* bytes, int amount, sqlite3_int64 offset) {
  return joined<File>(file).write(bytes, amount, offset);
}
int read_log(sqlite3_file* file, void* bytes, int amount, sqlite3_int64 offset) {
  return joined<LogFile>(file).read(bytes, amount, offset);
}
int close_log(sqlite3_file* file) {
  auto* log = reinterpret_cast<LogFile*>(file);
  log->database.log = nullptr;
  log->~LogFile();
  return Passed<&sqlite3_io_methods::xClose>::call(file);
}
int close_database(sqlite3_file* file) {
  reinterpret_cast<DatabaseFile*>(file)->~DatabaseFile();
  return Passed<&sqlite3_io_methods::xClose>::call(file);
}

// The first lock of the index of the log is the right to write to the log.
int lock_index(sqlite3_file* file, int first, int count, int flags) {
  auto* database = reinterpret_cast<DatabaseFile*>(file);
  if (database->log != nullptr && first == 0 && (flags & SQLITE_SHM_UNLOCK) != 0)
    database->log->joined.discard();
  const int code = Passed<&sqlite3_io_methods::xShmLock>::call(file, first, count, flags);
  database->joined.follow_locks(first, count, flags, code);
  return code;
}

using Methods = sqlite3_io_methods;

constexpr Methods database_methods(int version) {
  return {version,
          close_database,
          kFlushed<DatabaseFile, &Methods::xRead>,
          write_joined<DatabaseFile>,
          kFlushed<DatabaseFile, &Methods::xTruncate>,
          sync_joined<DatabaseFile>,
          kFlushed<DatabaseFile, &Methods::xFileSize>,
          kPassed<&Methods::xLock>,
          kPassed<&Methods::xUnlock>,
          kPassed<&Methods::xCheckReservedLock>,
          kPassed<&Methods::xFileControl>,
          kPassed<&Methods::xSectorSize>,
          kPassed<&Methods::xDeviceCharacteristics>,
          kPassed<&Methods::xShmMap>,
          lock_index,
          kPassed<&Methods::xShmBarrier>,
          kPassed<&Methods::xShmUnmap>,
          kFlushed<DatabaseFile, &Methods::xFetch>,
          kPassed<&Methods::xUnfetch>};
}

// Those of the version of the file below.
const Methods& methods_of_database(const sqlite3_file& file) {
  static constexpr Methods kMethods[] = {database_methods(1), database_methods(2), database_methods(3)};
  return kMethods[std::clamp(file.pMethods->iVersion, 1, 3) - 1];
}

const Methods& methods_of_log() {
  static constexpr Methods kMethods = [] {
    Methods methods = database_methods(1);
    methods.xClose = close_log;
    methods.xRead = read_log;
    methods.xWrite = write_joined<LogFile>;
    methods.xTruncate = kFlushed<LogFile, &Methods::xTruncate>;
    methods.xSync = sync_joined<LogFile>;
    methods.xFileSize = kFlushed<LogFile, &Methods::xFileSize>;
    return methods;
  }();
  return kMethods;
}

// Where the disk may spoil what stands next to a write that a loss of power breaks off, SQLite writes the
// last frame of a transaction again and again, in parts: not the order that JoinedLog knows.
bool may_be_joined(sqlite3_file* database) {
  return (database->pMethods->xDeviceCharacteristics(database) & SQLITE_IOCAP_POWERSAFE_OVERWRITE) != 0;
}

// As the contract of xOpen has it, the file has no methods where it could not be opened.
int open_below(sqlite3_vfs* files, const char* name, sqlite3_file* file, int flags, int* opened) {
  file->pMethods = nullptr;
  below(file)->pMethods = nullptr;
  const int code = below(files)->xOpen(below(files), name, below(file), flags, opened);
  if (code != SQLITE_OK && below(file)->pMethods != nullptr) Passed<&Methods::xClose>::call(file);
  return code;
}

void begin_log(sqlite3_file* file, DatabaseFile& database) {
  database.log = new (file) LogFile{{&methods_of_log()}, database, JoinedLog(*below(file))};
}

int open_file(sqlite3_vfs* files, const char* name, sqlite3_file* file, int flags, int* opened) {
  if ((flags & SQLITE_OPEN_MAIN_DB) != 0) {
    const int code = open_below(files, name, file, flags, opened);
    if (code == SQLITE_OK)
      new (file) DatabaseFile{{&methods_of_database(*below(file))}, nullptr, JoinedPages(*below(file))};
    return code;
  }
  if ((flags & SQLITE_OPEN_WAL) != 0) {
    sqlite3_file* database = sqlite3_database_file_object(name);
    if (may_be_joined(database)) {
      const int code = open_below(files, name, file, flags, opened);
      if (code == SQLITE_OK) begin_log(file, *reinterpret_cast<DatabaseFile*>(database));
      return code;
    }
  }
  return below(files)->xOpen(below(files), name, file, flags, opened);
}

}  // namespace

sqlite3_vfs joined_files_over(sqlite3_vfs& files, const char* name) {
  sqlite3_vfs joined{};
  joined.iVersion = std::min(files.iVersion, 2);
  joined.szOsFile = static_cast<int>(kOwnSize) + files.szOsFile;
  joined.mxPathname = files.mxPathname;
  joined.zName = name;
  joined.pAppData = &files;
  joined.xOpen = open_file;
  joined.xDelete = kPassed<&sqlite3_vfs::xDelete>;
  joined.xAccess = kPassed<&sqlite3_vfs::xAccess>;
  joined.xFullPathname = kPassed<&sqlite3_vfs::xFullPathname>;
  joined.xDlOpen = kPassed<&sqlite3_vfs::xDlOpen>;
  joined.xDlError = kPassed<&sqlite3_vfs::xDlError>;
  joined.xDlSym = kPassed<&sqlite3_vfs::xDlSym>;
  joined.xDlClose = kPassed<&sqlite3_vfs::xDlClose>;
  joined.xRandomness = kPassed<&sqlite3_vfs::xRandomness>;
  joined.xSleep = kPassed<&sqlite3_vfs::xSleep>;
  joined.xCurrentTime = kPassed<&sqlite3_vfs::xCurrentTime>;
  joined.xGetLastError = kPassed<&sqlite3_vfs::xGetLastError>;
  joined.xCurrentTimeInt64 = kPassed<&sqlite3_vfs::xCurrentTimeInt64>;
  return joined;
}

const char* joined_files() {
  static const char* const name = []() -> const char* {
    sqlite3_vfs* files = sqlite3_vfs_find(nullptr);
    if (files == nullptr) return nullptr;
    note_descriptors(*files);
    static sqlite3_vfs joined = joined_files_over(*files, "crm");
    return sqlite3_vfs_register(&joined, 0) == SQLITE_OK ? joined.zName : nullptr;
  }();
  return name;
}

}  // namespace crm
