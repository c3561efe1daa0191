// Where output goes: a file descriptor behind a large buffer, or memory.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace crm::cmd {

class Stream {
 public:
  // Collects in memory: take().
  Stream() = default;
  // `name` is what error messages call it.
  Stream(int descriptor, std::string name) : descriptor_(descriptor), name_(std::move(name)) {}
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  void write(std::string_view text) {
    buffer_ += text;
    spill();
  }
  // For writers that append many small pieces: the buffer itself, and spill() after each row.
  std::string& buffer() { return buffer_; }
  void spill() {
    if (buffer_.size() >= kFull && descriptor_ >= 0) flush();
  }
  // Throws Error{io} where the system refuses the output. A closed pipe ends the process by SIGPIPE, as it
  // would have been by default, without a word.
  void flush();
  // All that was written to memory.
  std::string take() { return std::exchange(buffer_, {}); }

  bool is_terminal() const;
  // Whether some of what was written never got out.
  bool is_broken() const { return broken_; }

 private:
  static constexpr std::size_t kFull = std::size_t{64} * 1024;

  int descriptor_ = -1;
  std::string name_;
  std::string buffer_;
  bool broken_ = false;
};

}  // namespace crm::cmd
