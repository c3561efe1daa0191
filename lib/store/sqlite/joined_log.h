// The write-ahead log of a database, written in long pieces.
#pragma once

#include <sqlite3.h>

#include <memory>

#include "store/sqlite/mended_frames.h"

namespace crm {

// SQLite writes each page of a transaction to the log in two calls: the header of a frame, then the page.
// Here the frames wait, as long as each follows the one before, and are written together: at the latest with
// the frame that ends a transaction, before SQLite hears that it is written, syncs the log and tells other
// connections of it. So a fault is still the transaction's, and what others are told of is in the file.
//
// What waits is never a whole transaction. It must not outlast the right to write to the log: another
// connection could have written to the same place since.
class JoinedLog {
 public:
  // The file is open, and outlives this.
  explicit JoinedLog(sqlite3_file& file) : file_(file), mended_(file) {}

  // As the methods of a sqlite3_file, with their results. A write that fails has changed nothing of what
  // waits.
  int read(void* bytes, int amount, sqlite3_int64 offset);
  int write(const void* bytes, int amount, sqlite3_int64 offset);

  // Writes what waits. Where that fails it goes on waiting.
  int flush();
  // Before the file is synced.
  void end_early_writeback() { mended_.end_early_writeback(); }
  // Forgets it, with the right to write to the log: the transaction came to nothing, or all is written.
  void discard() {
    size_ = 0;
    mended_.discard();
  }

 private:
  bool may_wait(const void* bytes, int amount, sqlite3_int64 offset, bool follows);

  sqlite3_file& file_;
  MendedFrames mended_;
  std::unique_ptr<char[]> buffer_;  // made once something waits
  int size_ = 0;
  sqlite3_int64 start_ = 0;  // where in the file the buffer belongs
  sqlite3_int64 page_ = -1;  // where the page of the last header belongs, if it may wait
};

}  // namespace crm
