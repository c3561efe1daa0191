// SQLite's files (a VFS), with a write-ahead log that is written in long pieces, and copied into the database
// in such: see joined_log.h and joined_pages.h.
#pragma once

#include <sqlite3.h>

namespace crm {

// The name of a VFS over the default one, for a database that is to be written to. It is registered by the
// first call; null where it cannot be.
const char* joined_files();

// Such a VFS over another, which outlives it, as does the name.
sqlite3_vfs joined_files_over(sqlite3_vfs& files, const char* name);

}  // namespace crm
