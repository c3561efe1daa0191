#include "store/sqlite/joined_log.h"

#include <bit>
#include <cstring>
#include <new>
#include <string_view>
#include <utility>

#include "store/sqlite/log_frame.h"

namespace crm {
namespace {

constexpr int kJoinedSize = kPagesInPiece * (kFrameHeaderSize + kUsualPageSize);

// The size of the database after the transaction that the frame ends; of any other frame, zero.
bool ends_transaction(const void* frame_header) {
  return std::string_view(static_cast<const char*>(frame_header) + 4, 4) != std::string_view("\0\0\0\0", 4);
}

// Pages are of a power of two bytes. Only who has the right to write reads them with their headers.
bool is_whole_frame(int amount) {
  return amount > 256 && std::has_single_bit(static_cast<unsigned>(amount - kFrameHeaderSize));
}

}  // namespace

int JoinedLog::read(void* bytes, int amount, sqlite3_int64 offset) {
  if (is_whole_frame(amount) && size_ == 0) return mended_.read_frame(bytes, amount, offset);
  if (const int code = mended_.flush(); code != SQLITE_OK) return code;
  const sqlite3_int64 end = start_ + size_;
  if (size_ > 0 && offset >= start_ && offset + amount <= end) {
    std::memcpy(bytes, buffer_.get() + (offset - start_), static_cast<std::size_t>(amount));
    return SQLITE_OK;
  }
  if (offset < end && offset + amount > start_) {
    if (const int code = flush(); code != SQLITE_OK) return code;
  }
  return file_.pMethods->xRead(&file_, bytes, amount, offset);
}

int JoinedLog::write(const void* bytes, int amount, sqlite3_int64 offset) {
  if (mended_.takes(amount, offset))
    return mended_.write_header(bytes, amount, offset, ends_transaction(bytes));
  if (const int code = mended_.flush(); code != SQLITE_OK) return code;
  const bool follows = size_ > 0 && offset == start_ + size_;
  if (!follows || amount > kJoinedSize - size_) {
    if (const int code = flush(); code != SQLITE_OK) return code;
  }
  const bool waits = may_wait(bytes, amount, offset, follows);
  if (size_ == 0) {
    if (!waits) return file_.pMethods->xWrite(&file_, bytes, amount, offset);
    if (!buffer_) buffer_.reset(new (std::nothrow) char[kJoinedSize]);
    if (!buffer_) return SQLITE_IOERR_NOMEM;
    start_ = offset;
  }
  std::memcpy(buffer_.get() + size_, bytes, static_cast<std::size_t>(amount));
  size_ += amount;
  if (waits) return SQLITE_OK;
  const int code = flush();
  if (code != SQLITE_OK) size_ -= amount;
  return code;
}

// Whether a frame comes after this part of one. A header alone that ends a transaction may be one whose
// checksum is only put right, after its page: nothing comes after that.
bool JoinedLog::may_wait(const void* bytes, int amount, sqlite3_int64 offset, bool follows) {
  if (amount != kFrameHeaderSize) return offset == std::exchange(page_, -1);
  const bool ends = ends_transaction(bytes);
  page_ = ends ? -1 : offset + amount;
  return !ends || follows;
}

int JoinedLog::flush() {
  if (const int code = mended_.flush(); code != SQLITE_OK) return code;
  if (size_ == 0) return SQLITE_OK;
  const int code = file_.pMethods->xWrite(&file_, buffer_.get(), size_, start_);
  if (code == SQLITE_OK) size_ = 0;
  return code;
}

}  // namespace crm
