#include "commands/input_lines.h"

#include <crm/error.h>
#include <crm/text.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace crm::cmd {
namespace {

constexpr std::size_t kLongestLine = std::size_t{16} << 20;

}  // namespace

bool InputLines::fill() {
  buffer_.erase(0, begin_);
  begin_ = 0;
  constexpr std::size_t kBlock = std::size_t{64} * 1024;
  const std::size_t size = buffer_.size();
  buffer_.resize(size + kBlock);
  ssize_t count = 0;
  do {
    count = ::read(descriptor_, buffer_.data() + size, kBlock);
  } while (count < 0 && errno == EINTR);
  const int fault = errno;
  buffer_.resize(size + (count > 0 ? static_cast<std::size_t>(count) : 0));
  if (count < 0) throw Error(ErrorCode::io, "cannot read " + name_ + ": " + std::strerror(fault));
  return count > 0;
}

// To behind the end of the line, none of which is kept.
void InputLines::pass_over_line() {
  std::size_t end = buffer_.find('\n', begin_);
  while (end == std::string::npos) {
    begin_ = buffer_.size();
    if (!fill()) return;
    end = buffer_.find('\n', begin_);
  }
  begin_ = end + 1;
}

bool InputLines::next(std::string& line) {
  std::size_t end = buffer_.find('\n', begin_);
  while (end == std::string::npos) {
    const std::size_t searched = buffer_.size() - begin_;
    if (searched > kLongestLine) {
      pass_over_line();
      throw Error(ErrorCode::invalid, name_ + ":" + std::to_string(++number_) + ": the line is too long",
                  "16 MiB are the most");
    }
    if (!fill()) break;
    end = buffer_.find('\n', searched);
  }
  if (end == std::string::npos) {
    if (begin_ == buffer_.size()) return false;
    end = buffer_.size();
  }
  line.assign(buffer_, begin_, end - begin_);
  begin_ = std::min(end + 1, buffer_.size());
  if (!line.empty() && line.back() == '\r') line.pop_back();
  if (line.find_first_not_of(" \t") == std::string::npos) line.clear();
  ++number_;
  if (!is_valid_utf8(line)) {
    throw Error(ErrorCode::invalid, name_ + ":" + std::to_string(number_) + ": the line is not valid UTF-8");
  }
  return true;
}

bool InputLines::is_ready() const {
  if (buffer_.find('\n', begin_) != std::string::npos) return true;
  pollfd input{descriptor_, POLLIN, 0};
  return ::poll(&input, 1, 0) != 0;
}

std::vector<std::string> names_from_input() {
  InputLines lines(STDIN_FILENO, "the standard input");
  std::vector<std::string> names;
  std::string line;
  while (lines.next(line)) {
    const std::size_t first = line.find_first_not_of(" \t");
    if (first == std::string::npos) continue;
    names.push_back(line.substr(first, line.find_last_not_of(" \t") - first + 1));
  }
  return names;
}

}  // namespace crm::cmd
