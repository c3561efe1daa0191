#include "exchange/byte_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "base/text.h"
#include "crm/error.h"

namespace crm {
namespace {

std::string reason(int error) {
  return std::generic_category().message(error);
}

class FileBytes final : public ByteSource {
 public:
  FileBytes(int descriptor, bool owned, std::string path)
      : descriptor_(descriptor), owned_(owned), path_(std::move(path)) {
    struct stat status {};
    if (fstat(descriptor_, &status) != 0)
      throw Error(ErrorCode::io, "cannot read " + named() + ": " + reason(errno));
    if (S_ISDIR(status.st_mode)) throw Error(ErrorCode::io, named() + " is a directory");
    // Only a file that was opened here begins at its first byte.
    regular_ = owned_ && S_ISREG(status.st_mode);
    if (regular_) size_ = static_cast<std::uint64_t>(status.st_size);
  }
  ~FileBytes() override {
    if (owned_) ::close(descriptor_);
  }
  FileBytes(const FileBytes&) = delete;
  FileBytes& operator=(const FileBytes&) = delete;

  std::size_t read(char* into, std::size_t size) override {
    for (;;) {
      const ssize_t count = ::read(descriptor_, into, size);
      if (count >= 0) return static_cast<std::size_t>(count);
      if (errno != EINTR) throw Error(ErrorCode::io, "cannot read " + named() + ": " + reason(errno));
    }
  }
  bool rewind() override { return regular_ && ::lseek(descriptor_, 0, SEEK_SET) == 0; }
  std::uint64_t size() const override { return size_; }

 private:
  std::string named() const { return path_ == "-" ? "standard input" : quoted(path_); }

  int descriptor_;
  bool owned_;
  bool regular_ = false;
  std::uint64_t size_ = 0;
  std::string path_;
};

}  // namespace

std::unique_ptr<ByteSource> open_bytes(const std::string& path) {
  if (path == "-") return std::make_unique<FileBytes>(STDIN_FILENO, false, path);
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    const int error = errno;
    if (error == ENOENT || error == ENOTDIR)
      throw Error(ErrorCode::not_found, "there is no file " + quoted(path));
    throw Error(ErrorCode::io, "cannot open " + quoted(path) + ": " + reason(error));
  }
  return std::make_unique<FileBytes>(descriptor, true, path);
}

bool is_read_once(const std::string& path) {
  if (path == "-") return true;
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode);
}

}  // namespace crm
