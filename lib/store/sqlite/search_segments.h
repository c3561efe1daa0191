// The segments of an FTS5 index, as its tables hold them (the format is described at the top of SQLite's
// fts5_index.c and is part of its file format).
#pragma once

#include <sqlite3.h>

namespace crm {

// Makes what the index `from` holds a part of the index `into`: both have the table search_index, with the
// same settings, but no text in common; `from` holds one segment or none. Inside a transaction of `into` that
// has written to its index. Throws Error{io} and the like.
void adopt_segment(sqlite3* from, sqlite3* into);

}  // namespace crm
