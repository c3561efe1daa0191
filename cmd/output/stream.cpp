#include "output/stream.h"

#include <crm/error.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>

namespace crm::cmd {
namespace {

// The parent may have had SIGPIPE ignored or blocked; the shell is to see 141 all the same.
[[noreturn]] void end_of_pipe() {
  std::signal(SIGPIPE, SIG_DFL);
  std::raise(SIGPIPE);
  std::_Exit(128 + SIGPIPE);
}

}  // namespace

void Stream::flush() {
  if (descriptor_ < 0) return;
  std::string_view left = buffer_;
  while (!left.empty()) {
    const ssize_t written = ::write(descriptor_, left.data(), left.size());
    if (written >= 0) {
      left.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EPIPE) {
      end_of_pipe();
    } else if (errno != EINTR) {
      const int fault = errno;
      buffer_.clear();
      broken_ = true;
      throw Error(ErrorCode::io, "cannot write to " + name_ + ": " + std::strerror(fault));
    }
  }
  buffer_.clear();
}

bool Stream::is_terminal() const {
  return descriptor_ >= 0 && ::isatty(descriptor_) == 1;
}

}  // namespace crm::cmd
