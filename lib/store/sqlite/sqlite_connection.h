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
  bool create = false;     // make the file (0600, its directory 0700); Error{conflict} if it is there
  bool in_memory = false;  // a new database of this connection's own; `path` is not used
  std::chrono::milliseconds busy_timeout{10000};
};

// Throws Error{not_found} for a missing file, Error{failed} for one that is no crm database, Error{io} where
// it cannot be opened.
std::unique_ptr<Connection> open_sqlite(const SqliteOptions& options);

// The number that marks a file as ours (PRAGMA application_id): "crm1".
inline constexpr int kSqliteApplicationId = 0x63726d31;

}  // namespace crm
