// Long files that the system begins to bring to the disk before they are synced.
#pragma once

#include <sqlite3.h>

#include <memory>

namespace crm {

// What is written stays in the system's memory until it is synced, and whoever syncs a file brings all of it
// to the disk: of a gigabyte that takes half a second of the processor. Where much is written before one
// sync, a thread has the system begin with each piece as soon as it is written. This is a hint: whether all
// is on the disk, and what failed, only the sync tells.
class EarlyWriteback {
 public:
  EarlyWriteback();
  ~EarlyWriteback();
  EarlyWriteback(const EarlyWriteback&) = delete;
  EarlyWriteback& operator=(const EarlyWriteback&) = delete;

  // The xWrite of the file, with its result. Always the same file.
  int write(sqlite3_file& file, const void* bytes, int amount, sqlite3_int64 offset);
  // Before the file is synced or closed.
  void end() noexcept;

 private:
  class Beginner;

  std::unique_ptr<Beginner> beginner_;  // once much is written
  sqlite3_int64 written_ = 0;           // since the last end(), in bytes
};

// SQLite's Unix files are asked for their descriptors: without this call nothing is begun early. Opening a
// file once more for one would cost its locks when that is closed.
void note_descriptors(sqlite3_vfs& unix_files);

}  // namespace crm
