// Frames of a write-ahead log whose headers are written anew, in long pieces.
#pragma once

#include <sqlite3.h>

#include <memory>

#include "store/sqlite/early_writeback.h"

namespace crm {

// A transaction that had no room in memory for a page, and changes it once more, writes it to its place in
// the log again. In the end SQLite makes the checksums of all frames behind it anew: of each it reads the
// whole and writes the header. Here a piece of the log is read at once, and written back once all its headers
// are done: at the latest with the header of the frame that ends the transaction.
//
// Nothing of it may outlast the right to write to the log: others could have written there since.
class MendedFrames {
 public:
  // The file is that of the log. It is open, and outlives this.
  explicit MendedFrames(sqlite3_file& file) : file_(file) {}

  // As the methods of a sqlite3_file, with their results.
  int read_frame(void* bytes, int amount, sqlite3_int64 offset);
  int write_header(const void* bytes, int amount, sqlite3_int64 offset, bool ends_transaction);
  // Whether a write is one of a header of the piece.
  bool takes(int amount, sqlite3_int64 offset) const;

  // Writes back what was changed, and forgets the piece. Where that fails it is kept.
  int flush();
  void discard() { size_ = changed_ = 0; }
  // Before the file is synced.
  void end_early_writeback() { writeback_.end(); }

 private:
  sqlite3_file& file_;
  EarlyWriteback writeback_;
  std::unique_ptr<char[]> buffer_;  // made once something is read
  int size_ = 0;
  int changed_ = 0;          // up to where it must be written back
  sqlite3_int64 start_ = 0;  // where in the file the piece is
};

}  // namespace crm
