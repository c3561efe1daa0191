// What a write-ahead log is made of, and how much is written at once.
#pragma once

namespace crm {

// Of a frame, before its page: https://www.sqlite.org/fileformat2.html#wal_file_format
inline constexpr int kFrameHeaderSize = 24;

// Pages of the usual size in a piece that is written at once. SQLite's Unix files take a write of 128 KiB or
// more for one of what is over; and an allocation of so much would be mapped anew each time.
inline constexpr int kPagesInPiece = 31;
inline constexpr int kUsualPageSize = 4096;

}  // namespace crm
