// The segments of an FTS5 index, as its tables hold them (the format is described at the top of SQLite's
// fts5_index.c and is part of its file format).
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <vector>

namespace crm {

class SegmentBuilder;
class SegmentPart;

// Segments that become those of the table search_index, which holds none of their texts, inside a transaction
// of `into` that has written to its index. Its functions throw Error{io} and the like.
class AdoptedSegments {
 public:
  explicit AdoptedSegments(sqlite3* into) : into_(into) {}

  // Whether they will be most of the table's, where they are many.
  bool are_most() const;
  // Copies what the part left in its temporary database.
  void add(const SegmentPart& part);
  // All parts of the builder are there: they are searched from now on.
  void finish(const SegmentBuilder& builder);

 private:
  struct Adopted {
    std::uint64_t number;
    std::uint64_t pages;
  };

  sqlite3* into_;
  std::vector<Adopted> segments_;
};

}  // namespace crm
