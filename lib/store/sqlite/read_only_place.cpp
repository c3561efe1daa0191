#include "store/sqlite/read_only_place.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <filesystem>

#include "crm/error.h"

namespace crm {
namespace {

std::string directory_of(const std::string& path) {
  const std::filesystem::path parent = std::filesystem::path(path).parent_path();
  return parent.empty() ? "." : parent.string();
}

bool may(const std::string& path, int what) {
  return ::faccessat(AT_FDCWD, path.c_str(), what, AT_EACCESS) == 0;
}

bool holds_something(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && status.st_size > 0;
}

bool is_on_read_only_disk(const std::string& path) {
  struct statvfs disk {};
  return ::statvfs(path.c_str(), &disk) == 0 && (disk.f_flag & ST_RDONLY) != 0;
}

bool nobody_may_write(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && (status.st_mode & 0222) == 0;
}

}  // namespace

bool is_read_only_place(const std::string& path) {
  return may(path, R_OK) && !may(directory_of(path), W_OK);
}

void check_unchanging(const std::string& path) {
  if (holds_something(path + "-wal")) {
    throw Error(ErrorCode::io,
                "'" + path +
                    "' cannot be read where no file can be made beside it: its last changes are in '" + path +
                    "-wal'",
                "copy both into a directory that you may write to, and name the copy with --db");
  }
  if (is_on_read_only_disk(path) || (nobody_may_write(path) && nobody_may_write(directory_of(path)))) return;
  throw Error(ErrorCode::io,
              "'" + path +
                  "' cannot be read from a directory that only others may write to: they could be "
                  "changing it",
              "run crm as their user, or let them make a copy for you with 'crm backup'");
}

}  // namespace crm
