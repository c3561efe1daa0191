// SQLite's result codes as our errors.
#pragma once

#include <string>

#include "crm/error.h"

struct sqlite3;

namespace crm {

// The error for the code just returned on that connection: busy, full disk, read-only, damaged, … Never shows
// SQL.
Error sqlite_error(sqlite3* database, int code, const std::string& path);

}  // namespace crm
