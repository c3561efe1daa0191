// Bytes in memory as a source that gives them in pieces of chosen sizes.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "exchange/byte_source.h"

namespace crm::test {

class MemoryBytes final : public ByteSource {
 public:
  // `next_size` gives the most that the next read returns, at least 1.
  MemoryBytes(std::string bytes, std::function<std::size_t()> next_size, bool can_go_back)
      : bytes_(std::move(bytes)), next_size_(std::move(next_size)), can_go_back_(can_go_back) {}

  std::size_t read(char* into, std::size_t size) override {
    const std::size_t count = bytes_.copy(into, std::min(size, next_size_()), position_);
    position_ += count;
    return count;
  }
  bool rewind() override {
    if (can_go_back_) position_ = 0;
    return can_go_back_;
  }

 private:
  std::string bytes_;
  std::function<std::size_t()> next_size_;
  bool can_go_back_;
  std::size_t position_ = 0;
};

inline std::unique_ptr<ByteSource> memory_bytes(std::string bytes, std::size_t block = 1 << 16,
                                                bool can_go_back = true) {
  return std::make_unique<MemoryBytes>(
      std::move(bytes), [block] { return block; }, can_go_back);
}

}  // namespace crm::test
