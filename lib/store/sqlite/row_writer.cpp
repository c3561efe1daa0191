#include "store/sqlite/row_writer.h"

#include <utility>

namespace crm {
namespace {

constexpr std::size_t kMostBlocksLeft = 24;

}  // namespace

RowWriter::~RowWriter() {
  drop();
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    changed_.notify_all();
  }
  thread_.join();
}

std::unique_ptr<RowBlock> RowWriter::take_spare() {
  const std::lock_guard lock(mutex_);
  if (spare_.empty()) return std::make_unique<RowBlock>();
  auto block = std::move(spare_.back());
  spare_.pop_back();
  return block;
}

void RowWriter::hand_over(std::unique_ptr<RowBlock> block) {
  if (!thread_.joinable()) thread_ = std::thread([this] { work(); });
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return left_ < kMostBlocksLeft || failure_; });
  if (failure_) std::rethrow_exception(failure_);
  waiting_.push_back(std::move(block));
  ++left_;
  changed_.notify_all();
}

void RowWriter::settle_slowly() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return left_ == 0; });
  if (failure_) std::rethrow_exception(failure_);
}

void RowWriter::drop() noexcept {
  std::unique_lock lock(mutex_);
  left_ -= waiting_.size();
  waiting_.clear();
  changed_.wait(lock, [this] { return left_ == 0; });
  failure_ = nullptr;
  failed_ = false;
}

void RowWriter::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return !waiting_.empty() || ended_; });
    if (waiting_.empty()) return;
    auto block = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    std::exception_ptr failure;
    try {
      write_(*block);
    } catch (...) {
      failure = std::current_exception();
    }
    block->clear();
    lock.lock();
    spare_.push_back(std::move(block));
    if (failure) {
      left_ -= waiting_.size();
      waiting_.clear();
      failure_ = failure;
      failed_ = true;
    }
    --left_;
    changed_.notify_all();
  }
}

}  // namespace crm
