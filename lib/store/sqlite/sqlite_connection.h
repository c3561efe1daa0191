// SQLite behind the storage seam.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "store/connection.h"

namespace crm {

struct SqliteOptions {
  std::string path;
  AccessMode mode = AccessMode::read;
  bool create = false;      // make the file (0600, its directory 0700); Error{conflict} if it is there
  bool unchanging = false;  // nobody writes to it: it is read without locks, and without files beside it
  bool in_memory = false;   // a new database of this connection's own; `path` is not used
  std::chrono::milliseconds busy_timeout{10000};
};

// A database that is only to be read, where no file can be made beside it, is taken as unchanging if that is
// sure. Throws Error{not_found} for a missing file, Error{failed} for one that is no crm database, Error{io}
// where it cannot be opened.
std::unique_ptr<Connection> open_sqlite(const SqliteOptions& options);

// The number that marks a file as ours (PRAGMA application_id): "crm1".
inline constexpr int kSqliteApplicationId = 0x63726d31;

}  // namespace crm
