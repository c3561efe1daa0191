// The file of a database, before there is a connection to it.
#pragma once

#include <memory>
#include <string>

#include "store/sqlite/sqlite_connection.h"

namespace SQLite {
class Database;
}

namespace crm {

// An empty file for its owner's eyes alone. Throws Error{conflict} where there is one, Error{io}.
void create_private_file(const std::string& path);

// Opens the file, and makes it first where the options say so; without any setting of ours. Throws
// Error{not_found}, Error{conflict}, Error{io}.
std::unique_ptr<SQLite::Database> open_database(const std::string& path, const SqliteOptions& options);

}  // namespace crm
