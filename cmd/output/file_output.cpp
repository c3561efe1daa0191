#include "output/file_output.h"

#include <crm/error.h>
#include <crm/text.h>
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <utility>

namespace crm::cmd {
namespace {

// Nobody means the database that he works with.
void check_is_no_database(const std::string& path) {
  constexpr std::string_view kMark = "SQLite format 3";
  std::array<char, kMark.size()> head{};
  std::ifstream file(path, std::ios::binary);
  if (file.read(head.data(), head.size()) && std::string_view(head.data(), head.size()) == kMark)
    throw Error(ErrorCode::conflict, crm::quoted(path) + " is a database", "name another file");
}

int open_partial(const std::string& path, const std::string& partial, bool replace) {
  FileOutput::check_free(path, replace);
  const int descriptor = ::open(partial.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor < 0) {
    throw Error(ErrorCode::io, "cannot write " + crm::quoted(partial) + ": " + std::strerror(errno),
                "check the directory and its rights");
  }
  return descriptor;
}

}  // namespace

void FileOutput::check_free(const std::string& path, bool replace) {
  std::error_code ignored;
  if (!replace && std::filesystem::exists(std::filesystem::symlink_status(path, ignored))) {
    throw Error(ErrorCode::conflict, crm::quoted(path) + " is there already",
                "name another file, or give --force");
  }
  check_is_no_database(path);
}

FileOutput::FileOutput(std::string path, bool replace)
    : path_(std::move(path)),
      partial_(path_ + ".partial" + std::to_string(::getpid())),
      descriptor_(open_partial(path_, partial_, replace)),
      stream_(descriptor_, crm::quoted(partial_)) {}

FileOutput::~FileOutput() {
  if (descriptor_ < 0) return;
  ::close(descriptor_);
  ::unlink(partial_.c_str());
}

void FileOutput::finish() {
  stream_.flush();
  const bool safe = ::fsync(descriptor_) == 0;
  if (!safe || std::rename(partial_.c_str(), path_.c_str()) != 0) {
    throw Error(ErrorCode::io, "cannot write " + crm::quoted(path_) + ": " + std::strerror(errno));
  }
  ::close(std::exchange(descriptor_, -1));
}

}  // namespace crm::cmd
