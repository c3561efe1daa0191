#include "store/sqlite/joined_pages.h"

#include <cstring>
#include <new>

#include "store/sqlite/log_frame.h"

namespace crm {
namespace {

// The locks of the log's index (https://www.sqlite.org/walformat.html#wal_locks).
constexpr int kWriteLock = 0;
constexpr int kCheckpointLock = 1;
constexpr int kCopyLock = 3;  // of readers that need nothing of the log
constexpr int kFirstMark = 4;

constexpr int kPiece = kPagesInPiece * kUsualPageSize;

}  // namespace

int JoinedPages::write(const void* bytes, int amount, sqlite3_int64 offset) {
  if (size_ > 0 && (offset != start_ + size_ || amount > kPiece - size_)) {
    if (const int code = flush(); code != SQLITE_OK) return code;
  }
  if (!may_wait() || amount > kPiece) return file_.pMethods->xWrite(&file_, bytes, amount, offset);
  if (!buffer_) buffer_.reset(new (std::nothrow) char[kPiece]);
  if (!buffer_) return SQLITE_IOERR_NOMEM;
  if (size_ == 0) start_ = offset;
  std::memcpy(buffer_.get() + size_, bytes, static_cast<std::size_t>(amount));
  size_ += amount;
  return SQLITE_OK;
}

int JoinedPages::flush() {
  if (size_ == 0) return SQLITE_OK;
  const int code = writeback_.write(file_, buffer_.get(), size_, start_);
  if (code == SQLITE_OK) size_ = 0;
  return code;
}

void JoinedPages::follow_locks(int first, int count, int flags, int code) {
  if ((flags & SQLITE_SHM_EXCLUSIVE) == 0) return;
  const auto concerns = [&](int lock) { return first <= lock && lock < first + count; };
  const bool gets = (flags & SQLITE_SHM_LOCK) != 0;
  if (gets && code != SQLITE_OK) {
    if (first + count > kFirstMark) held_back_ = true;
    return;
  }
  if (concerns(kWriteLock)) writes_ = gets;
  if (concerns(kCheckpointLock)) held_back_ = false;
  if (concerns(kCopyLock)) {
    copies_ = gets;
    // A checkpoint that came to its end has cut the file, and nothing waits. Of another one the log has it
    // all.
    size_ = 0;
    buffer_.reset();
  }
}

}  // namespace crm
