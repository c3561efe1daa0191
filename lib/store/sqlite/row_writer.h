// A thread that writes rows while another makes the next ones.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "store/connection.h"

namespace crm {

// Rows of one table, behind one another. Their texts are in `texts`, which never moves.
struct RowBlock {
  std::vector<Param> values;
  std::string texts;
  std::size_t place = 0;  // the table's
  bool several_at_once = false;

  void clear() {
    values.clear();
    texts.clear();
  }
};

class RowWriter {
 public:
  using Write = std::function<void(const RowBlock&)>;

  // The thread begins with the first block.
  explicit RowWriter(Write write) : write_(std::move(write)) {}
  ~RowWriter();
  RowWriter(const RowWriter&) = delete;
  RowWriter& operator=(const RowWriter&) = delete;

  bool is_idle() const { return left_.load(std::memory_order_acquire) == 0; }
  // An empty one, of the size that the former ones got.
  std::unique_ptr<RowBlock> take_spare();
  // Blocks are written in their order. Waits where many are left to be written. Throws as settle() does.
  void hand_over(std::unique_ptr<RowBlock> block);
  // Waits until all are written: the database is the caller's alone. Throws what writing one of them threw,
  // if so until drop().
  void settle() {
    if (!is_idle() || failed_.load(std::memory_order_relaxed)) settle_slowly();
  }
  // What is not written yet never is; forgets what was thrown.
  void drop() noexcept;

 private:
  void settle_slowly();
  void work();

  Write write_;
  std::atomic<std::size_t> left_ = 0;  // blocks, with the one that is being written
  std::atomic<bool> failed_ = false;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::unique_ptr<RowBlock>> waiting_;
  std::vector<std::unique_ptr<RowBlock>> spare_;
  std::exception_ptr failure_;
  bool ended_ = false;
  std::thread thread_;
};

}  // namespace crm
