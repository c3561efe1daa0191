#include "store/sqlite/mended_frames.h"

#include <algorithm>
#include <cstring>
#include <new>

#include "store/sqlite/log_frame.h"

namespace crm {
namespace {

constexpr int kMended = kPagesInPiece * (kFrameHeaderSize + kUsualPageSize);

}  // namespace

int MendedFrames::read_frame(void* bytes, int amount, sqlite3_int64 offset) {
  if (size_ == 0 || offset < start_ || offset + amount > start_ + size_) {
    if (const int code = flush(); code != SQLITE_OK) return code;
    sqlite3_int64 length = 0;
    if (const int code = file_.pMethods->xFileSize(&file_, &length); code != SQLITE_OK) return code;
    const int piece = static_cast<int>(std::clamp<sqlite3_int64>(length - offset, 0, kMended));
    if (piece < amount) return file_.pMethods->xRead(&file_, bytes, amount, offset);
    if (!buffer_) buffer_.reset(new (std::nothrow) char[kMended]);
    if (!buffer_) return SQLITE_IOERR_NOMEM;
    if (const int code = file_.pMethods->xRead(&file_, buffer_.get(), piece, offset); code != SQLITE_OK)
      return code;
    start_ = offset;
    size_ = piece;
  }
  std::memcpy(bytes, buffer_.get() + (offset - start_), static_cast<std::size_t>(amount));
  return SQLITE_OK;
}

bool MendedFrames::takes(int amount, sqlite3_int64 offset) const {
  return amount == kFrameHeaderSize && size_ > 0 && offset >= start_ && offset + amount <= start_ + size_;
}

int MendedFrames::write_header(const void* bytes, int amount, sqlite3_int64 offset, bool ends_transaction) {
  const int at = static_cast<int>(offset - start_);
  std::memcpy(buffer_.get() + at, bytes, static_cast<std::size_t>(amount));
  changed_ = std::max(changed_, at + amount);
  return ends_transaction ? flush() : SQLITE_OK;
}

int MendedFrames::flush() {
  if (changed_ > 0) {
    const int code = writeback_.write(file_, buffer_.get(), changed_, start_);
    if (code != SQLITE_OK) return code;
  }
  discard();
  return SQLITE_OK;
}

}  // namespace crm
