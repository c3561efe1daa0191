// The segments of an FTS5 index, as its tables hold them (the format is described at the top of SQLite's
// fts5_index.c and is part of its file format).
#pragma once

#include <sqlite3.h>

namespace crm {

class SegmentBuilder;

// Makes what the builder has left in the temporary database a segment of the table search_index, which holds
// none of its texts. Inside a transaction of `into` that has written to its index. Throws Error{io} and the
// like.
void adopt_segment(sqlite3* side, const SegmentBuilder& builder, sqlite3* into);

}  // namespace crm
