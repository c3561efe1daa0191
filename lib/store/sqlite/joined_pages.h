// The pages that a checkpoint copies into a database, written in long pieces.
#pragma once

#include <sqlite3.h>

#include <memory>

#include "store/sqlite/early_writeback.h"

namespace crm {

// A checkpoint copies the pages of the write-ahead log into the database in their order, each in a call. Here
// those that follow one another wait and are written together: the system takes a third of the time.
//
// Only while the whole log is copied: then SQLite cuts the database to its size, and syncs it, before it
// tells other connections that they may read the pages there (walCheckpoint() in SQLite's wal.c), and a fault
// is still the checkpoint's. Of a part of the log it tells them right after the last write. Which it is the
// locks of the log's index say: nobody adds to the log while the checkpoint has the right to write to it, and
// a reader of an older state holds it back by refusing it the lock of a mark.
class JoinedPages {
 public:
  // The file is that of the database. It is open, and outlives this.
  explicit JoinedPages(sqlite3_file& file) : file_(file) {}

  // As the method of a sqlite3_file, with its results.
  int write(const void* bytes, int amount, sqlite3_int64 offset);
  // Writes what waits. Where that fails it goes on waiting.
  int flush();
  // Before the file is synced.
  void end_early_writeback() { writeback_.end(); }
  // What came of asking for locks of the log's index, or of giving them back: the arguments and the result of
  // xShmLock.
  void follow_locks(int first, int count, int flags, int code);

 private:
  bool may_wait() const { return copies_ && writes_ && !held_back_; }

  sqlite3_file& file_;
  EarlyWriteback writeback_;
  std::unique_ptr<char[]> buffer_;  // made once something waits; given back with the right to copy
  int size_ = 0;
  sqlite3_int64 start_ = 0;  // where in the file the buffer belongs
  bool writes_ = false;      // has the right to write to the log
  bool copies_ = false;      // has the right to copy from it
  bool held_back_ = false;   // some of the log must wait for readers
};

}  // namespace crm
