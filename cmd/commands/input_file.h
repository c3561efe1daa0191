// A file that a command reads, or its standard input.
#pragma once

#include <crm/error.h>
#include <crm/text.h>
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

namespace crm::cmd {

class InputFile {
 public:
  // Empty or "-": the standard input. Throws Error{not_found} or Error{io}.
  explicit InputFile(const std::string& path) {
    if (path.empty() || path == "-") return;
    descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor_ < 0) {
      const ErrorCode code = errno == ENOENT ? ErrorCode::not_found : ErrorCode::io;
      throw Error(code, "cannot read " + crm::quoted(path) + ": " + std::strerror(errno));
    }
  }
  ~InputFile() {
    if (descriptor_ != STDIN_FILENO) ::close(descriptor_);
  }
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  int descriptor() const { return descriptor_; }

 private:
  int descriptor_ = STDIN_FILENO;
};

}  // namespace crm::cmd
