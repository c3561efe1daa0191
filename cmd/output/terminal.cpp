#include "output/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <charconv>

namespace crm::cmd {

std::size_t terminal_width(const std::optional<std::string>& columns) {
  if (columns) {
    std::size_t width = 0;
    const char* end = columns->data() + columns->size();
    const auto [stop, error] = std::from_chars(columns->data(), end, width);
    if (error == std::errc() && stop == end && width > 0) return width;
  }
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 80;
}

}  // namespace crm::cmd
