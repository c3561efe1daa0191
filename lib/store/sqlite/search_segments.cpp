#include "store/sqlite/search_segments.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "crm/error.h"
#include "store/sqlite/loader_statement.h"
#include "store/sqlite/segment_builder.h"
#include "store/sqlite/varint.h"

namespace crm {
namespace {

constexpr std::int64_t kTotals = 1;      // the record of totals: rows, words
constexpr std::int64_t kStructure = 10;  // the record that lists the segments
constexpr int kSegmentShift = 37;        // of a segment's number in the ids of its pages

struct Segment {
  std::uint64_t number = 0;
  std::uint64_t first_page = 0;
  std::uint64_t last_page = 0;
};

struct Level {
  std::uint64_t merging = 0;      // how many of them are being merged into one of the next level
  std::vector<Segment> segments;  // the oldest first
};

struct Structure {
  std::string cookie;         // of the settings; four bytes
  std::uint64_t written = 0;  // pages so far: when it is time to merge
  std::vector<Level> levels;  // the youngest first
};

std::uint64_t take_number(std::string_view& bytes) {
  std::uint64_t number = 0;
  if (take_varint(bytes, number)) return number;
  throw Error(ErrorCode::failed, "the search index cannot be read",
              "restore a backup, or export and import into a new database");
}

std::string record_of(sqlite3* database, std::int64_t id) {
  LoaderStatement select(database, "SELECT block FROM search_index_data WHERE id = ?1");
  select.bind(1, id);
  return select.step() ? std::string(select.bytes(0)) : std::string();
}

void write_record(sqlite3* database, std::int64_t id, const std::string& block) {
  LoaderStatement replace(database, "REPLACE INTO search_index_data (id, block) VALUES (?1, ?2)");
  replace.bind(1, id);
  replace.bind_blob(2, block);
  replace.step();
}

Structure read_structure(sqlite3* database) {
  const std::string record = record_of(database, kStructure);
  std::string_view rest = record;
  Structure structure;
  structure.cookie = rest.substr(0, 4);
  rest.remove_prefix(structure.cookie.size());
  structure.levels.resize(take_number(rest));
  take_number(rest);  // of all segments
  structure.written = take_number(rest);
  for (Level& level : structure.levels) {
    level.merging = take_number(rest);
    level.segments.resize(take_number(rest));
    for (Segment& segment : level.segments) {
      segment.number = take_number(rest);
      segment.first_page = take_number(rest);
      segment.last_page = take_number(rest);
    }
  }
  return structure;
}

void write_structure(sqlite3* database, const Structure& structure) {
  std::size_t count = 0;
  for (const Level& level : structure.levels) count += level.segments.size();
  std::string record = structure.cookie;
  append_varint(record, structure.levels.size());
  append_varint(record, count);
  append_varint(record, structure.written);
  for (const Level& level : structure.levels) {
    append_varint(record, level.merging);
    append_varint(record, level.segments.size());
    for (const Segment& segment : level.segments) {
      append_varint(record, segment.number);
      append_varint(record, segment.first_page);
      append_varint(record, segment.last_page);
    }
  }
  write_record(database, kStructure, record);
}

std::uint64_t pages_of(const Structure& structure) {
  std::uint64_t pages = 0;
  for (const Level& level : structure.levels) {
    for (const Segment& segment : level.segments) pages += segment.last_page + 1 - segment.first_page;
  }
  return pages;
}

// Not below `number`.
std::uint64_t unused_number(const Structure& structure, std::uint64_t number) {
  const auto uses = [&number](const Segment& segment) { return segment.number == number; };
  const auto level_uses = [&uses](const Level& level) {
    return std::any_of(level.segments.begin(), level.segments.end(), uses);
  };
  while (std::any_of(structure.levels.begin(), structure.levels.end(), level_uses)) ++number;
  return number;
}

// Segments larger than all others go below them, so that no merge of small ones writes them again soon.
void place(Structure& structure, const std::vector<Segment>& segments) {
  constexpr std::size_t kMostLevels = 60;
  std::uint64_t pages = 0;
  for (const Segment& segment : segments) pages += segment.last_page;
  const bool below = pages > pages_of(structure) && structure.levels.size() < kMostLevels;
  if (below || structure.levels.empty()) structure.levels.emplace_back();
  auto& level = below ? structure.levels.back().segments : structure.levels.front().segments;
  level.insert(level.end(), segments.begin(), segments.end());
}

void add_totals(sqlite3* database, const SegmentBuilder& builder) {
  const std::string present = record_of(database, kTotals);
  std::string_view rest = present;
  std::string record;
  for (const std::uint64_t more : {builder.text_count(), builder.word_count()})
    append_varint(record, more + (rest.empty() ? 0 : take_number(rest)));
  write_record(database, kTotals, record);
}

// The ids of a segment's pages begin with its number.
void copy_pages(sqlite3* side, sqlite3* into, std::int64_t number) {
  LoaderStatement pages(side, "SELECT id, block FROM page ORDER BY id");
  LoaderStatement page(into, "INSERT INTO search_index_data (id, block) VALUES (?1, ?2)");
  while (pages.step()) {
    page.bind(1, pages.integer(0) + (number << kSegmentShift));
    page.bind_blob(2, pages.bytes(1));
    page.step();
  }
  LoaderStatement terms(side, "SELECT term, page FROM beginning ORDER BY rowid");
  LoaderStatement term(into, "INSERT INTO search_index_idx (segid, term, pgno) VALUES (?1, ?2, ?3)");
  while (terms.step()) {
    term.bind(1, number);
    term.bind_blob(2, terms.bytes(0));
    term.bind(3, terms.integer(1));
    term.step();
  }
}

}  // namespace

bool AdoptedSegments::are_most() const {
  constexpr std::uint64_t kFewPages = 1000;
  return pages_of(read_structure(into_)) < kFewPages;
}

void AdoptedSegments::add(const SegmentPart& part) {
  if (part.page_count() == 0) return;
  const std::uint64_t number =
      unused_number(read_structure(into_), segments_.empty() ? 1 : segments_.back().number + 1);
  segments_.push_back({number, static_cast<std::uint64_t>(part.page_count())});
  copy_pages(part.side(), into_, static_cast<std::int64_t>(number));
}

void AdoptedSegments::finish(const SegmentBuilder& builder) {
  if (!segments_.empty()) {
    Structure structure = read_structure(into_);
    std::vector<Segment> placed;
    for (const Adopted& segment : segments_) placed.push_back({segment.number, 1, segment.pages});
    place(structure, placed);
    write_structure(into_, structure);
  }
  add_totals(into_, builder);
}

}  // namespace crm
