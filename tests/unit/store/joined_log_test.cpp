// The pieces that a log is written in, on a file in memory.
#include "store/sqlite/joined_log.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "unit/random.h"

namespace crm {
namespace {

// Full once it has as many bytes as there is room for; then what fits is written all the same.
struct LogInMemory : sqlite3_file {
  LogInMemory() : sqlite3_file{&kMethods} {}

  std::string bytes;
  std::size_t room = std::string::npos;
  std::vector<int> writes;  // how long each was

  static int read(sqlite3_file* file, void* to, int amount, sqlite3_int64 offset) {
    const std::string& all = static_cast<LogInMemory*>(file)->bytes;
    std::memset(to, 0, static_cast<std::size_t>(amount));
    const std::string part =
        all.substr(std::min(all.size(), static_cast<std::size_t>(offset)), static_cast<std::size_t>(amount));
    std::memcpy(to, part.data(), part.size());
    return part.size() == static_cast<std::size_t>(amount) ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
  }
  static int write(sqlite3_file* file, const void* from, int amount, sqlite3_int64 offset) {
    auto& log = *static_cast<LogInMemory*>(file);
    log.writes.push_back(amount);
    const auto at = static_cast<std::size_t>(offset);
    const std::size_t fits = std::min(static_cast<std::size_t>(amount), log.room - std::min(log.room, at));
    log.bytes.resize(std::max(log.bytes.size(), at + fits));
    log.bytes.replace(at, fits, static_cast<const char*>(from), fits);
    return fits == static_cast<std::size_t>(amount) ? SQLITE_OK : SQLITE_FULL;
  }

  static int file_size(sqlite3_file* file, sqlite3_int64* length) {
    *length = static_cast<sqlite3_int64>(static_cast<LogInMemory*>(file)->bytes.size());
    return SQLITE_OK;
  }

 private:
  static constexpr sqlite3_io_methods kMethods = [] {
    sqlite3_io_methods methods{};
    methods.iVersion = 1;
    methods.xRead = read;
    methods.xWrite = write;
    methods.xFileSize = file_size;
    return methods;
  }();
};

constexpr int kPageSize = 512;
constexpr int kFrameSize = 24 + kPageSize;

std::string frame_header(char mark, bool ends) {
  std::string header(24, mark);
  header.replace(4, 4, std::string(3, '\0') + (ends ? '\7' : '\0'));
  return header;
}

// Writes to the joined log as SQLite would; what was accepted is `model`.
struct LogWriter {
  LogInMemory file;
  JoinedLog log{file};
  std::string model = std::string(32, 'h');

  LogWriter() { file.bytes = model; }

  bool put(const std::string& bytes, std::size_t at) {
    if (log.write(bytes.data(), static_cast<int>(bytes.size()), static_cast<sqlite3_int64>(at)) != SQLITE_OK)
      return false;
    model.resize(std::max(model.size(), at + bytes.size()));
    model.replace(at, bytes.size(), bytes);
    return true;
  }
  bool add_frame(char mark, bool ends) {
    return put(frame_header(mark, ends), model.size()) && put(std::string(kPageSize, mark), model.size());
  }
  // A frame, which SQLite reads before it writes its header anew.
  std::string frame(std::size_t number) {
    std::string bytes(kFrameSize, ' ');
    REQUIRE(log.read(bytes.data(), kFrameSize, static_cast<sqlite3_int64>(offset_of(number))) == SQLITE_OK);
    return bytes;
  }
  std::size_t frames() const { return (model.size() - 32) / kFrameSize; }
  static std::size_t offset_of(std::size_t frame) { return 32 + frame * kFrameSize; }
};

TEST_SUITE("store/joined_log") {
  TEST_CASE("the frames of a transaction are one write, with the last") {
    LogWriter writer;
    for (const char mark : {'a', 'b', 'c'}) REQUIRE(writer.add_frame(mark, false));
    CHECK(writer.file.writes.empty());
    REQUIRE(writer.add_frame('d', true));
    CHECK(writer.file.writes == std::vector<int>{4 * kFrameSize});
    CHECK(writer.file.bytes == writer.model);
    REQUIRE(writer.add_frame('e', true));
    CHECK_MESSAGE(writer.file.bytes == writer.model, "a transaction of one frame");
  }

  TEST_CASE("more than fits is written in pieces of less than 128 KiB") {
    LogWriter writer;
    for (int i = 0; i < 1000; ++i) REQUIRE(writer.add_frame(static_cast<char>('a' + i % 26), i == 999));
    CHECK(writer.file.bytes == writer.model);
    CHECK(writer.file.writes.size() == 5);
    for (const int amount : writer.file.writes) CHECK(amount < (128 << 10));
  }

  TEST_CASE("what waits can be read, and is written before a read of it and of what stands beside") {
    LogWriter writer;
    REQUIRE(writer.add_frame('a', true));
    REQUIRE(writer.add_frame('b', false));
    REQUIRE(writer.add_frame('c', false));
    const std::size_t pieces = writer.file.writes.size();
    std::string page(kPageSize, ' ');
    REQUIRE(writer.log.read(page.data(), kPageSize,
                            static_cast<sqlite3_int64>(LogWriter::offset_of(1) + 24)) == SQLITE_OK);
    CHECK(page == std::string(kPageSize, 'b'));
    CHECK(writer.file.writes.size() == pieces);
    std::string all(writer.model.size(), ' ');
    REQUIRE(writer.log.read(all.data(), static_cast<int>(all.size()), 0) == SQLITE_OK);
    CHECK(all == writer.model);
    CHECK(writer.file.writes.size() == pieces + 1);
  }

  TEST_CASE("a header that ends a transaction does not wait where its page was written before") {
    LogWriter writer;
    for (const char mark : {'a', 'b', 'c'}) REQUIRE(writer.add_frame(mark, mark == 'c'));
    for (std::size_t i = 0; i < 3; ++i)
      REQUIRE(writer.put(frame_header(static_cast<char>('x' + i), i == 2), LogWriter::offset_of(i)));
    CHECK(writer.file.bytes == writer.model);
  }

  TEST_CASE("headers that are written anew, each after its frame is read, are written in pieces") {
    LogWriter writer;
    constexpr std::size_t kFrames = 1000;
    for (std::size_t i = 0; i < kFrames; ++i) REQUIRE(writer.add_frame('a', i + 1 == kFrames));
    writer.file.writes.clear();
    for (std::size_t i = 3; i < kFrames; ++i) {
      const std::size_t at = LogWriter::offset_of(i);
      REQUIRE(writer.frame(i) == writer.model.substr(at, kFrameSize));
      REQUIRE(writer.put(frame_header(static_cast<char>('b' + i % 20), i + 1 == kFrames), at));
    }
    CHECK_MESSAGE(writer.file.bytes == writer.model, "with the header that ends the transaction");
    CHECK(writer.file.writes.size() == 5);
    for (const int amount : writer.file.writes) CHECK(amount < (128 << 10));
  }

  TEST_CASE("headers that wait are written before anything else is read or written, or with the next flush") {
    for (const int what : {0, 1, 2}) {
      CAPTURE(what);
      LogWriter writer;
      for (int i = 0; i < 10; ++i) REQUIRE(writer.add_frame('a', i == 9));
      std::string page(kPageSize, ' ');
      const auto at = static_cast<sqlite3_int64>(LogWriter::offset_of(2));
      writer.frame(2);
      REQUIRE(writer.put(frame_header('b', false), LogWriter::offset_of(2)));
      CHECK(writer.file.bytes != writer.model);
      if (what == 0) REQUIRE(writer.log.read(page.data(), kPageSize, at + 24) == SQLITE_OK);
      if (what == 1) REQUIRE(writer.put(std::string(kPageSize, 'c'), LogWriter::offset_of(1) + 24));
      if (what == 2) REQUIRE(writer.log.flush() == SQLITE_OK);
      CHECK(writer.file.bytes == writer.model);
      // What others wrote since is read.
      writer.file.bytes[LogWriter::offset_of(2) + 30] = 'z';
      CHECK(writer.frame(2)[30] == 'z');
    }
  }

  TEST_CASE("headers that cannot be written are the fault of what comes next, and go on waiting") {
    LogWriter writer;
    for (int i = 0; i < 10; ++i) REQUIRE(writer.add_frame('a', i == 9));
    std::string page(kPageSize, ' ');
    const auto at = static_cast<sqlite3_int64>(LogWriter::offset_of(2));
    writer.frame(2);
    REQUIRE(writer.put(frame_header('b', false), LogWriter::offset_of(2)));
    writer.file.room = 0;
    CHECK(writer.log.flush() == SQLITE_FULL);
    CHECK(writer.log.read(page.data(), kPageSize, at + 24) == SQLITE_FULL);
    CHECK(writer.log.write(page.data(), kPageSize, at + 24) == SQLITE_FULL);
    writer.file.room = std::string::npos;
    CHECK(writer.log.flush() == SQLITE_OK);
    CHECK(writer.file.bytes == writer.model);
  }

  TEST_CASE("headers of a transaction that came to nothing are forgotten") {
    LogWriter writer;
    for (int i = 0; i < 10; ++i) REQUIRE(writer.add_frame('a', i == 9));
    const std::string before = writer.file.bytes;
    writer.frame(2);
    REQUIRE(writer.put(frame_header('b', false), LogWriter::offset_of(2)));
    writer.log.discard();
    REQUIRE(writer.log.flush() == SQLITE_OK);
    CHECK(writer.file.bytes == before);
    CHECK(writer.frame(2) == before.substr(LogWriter::offset_of(2), kFrameSize));
  }

  TEST_CASE("a write that fails is not kept, what was accepted before is") {
    LogWriter writer;
    writer.file.room = LogWriter::offset_of(2) + 100;
    for (const char mark : {'a', 'b', 'c'}) REQUIRE(writer.add_frame(mark, false));
    REQUIRE(writer.put(frame_header('d', true), writer.model.size()));
    CHECK(!writer.put(std::string(kPageSize, 'd'), writer.model.size()));
    CHECK(writer.log.flush() == SQLITE_FULL);
    writer.file.room = std::string::npos;
    CHECK(writer.log.flush() == SQLITE_OK);
    CHECK(writer.file.bytes == writer.model);
    CHECK(writer.log.flush() == SQLITE_OK);
  }

  TEST_CASE("what is discarded is never written") {
    LogWriter writer;
    REQUIRE(writer.add_frame('a', true));
    const std::string before = writer.file.bytes;
    REQUIRE(writer.add_frame('b', false));
    writer.log.discard();
    CHECK(writer.log.flush() == SQLITE_OK);
    CHECK(writer.file.bytes == before);
    writer.model = before;
    REQUIRE(writer.add_frame('c', true));
    CHECK(writer.file.bytes == writer.model);
  }

  TEST_CASE("property: what SQLite may write, read and fail at, against the same bytes at once") {
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
      CAPTURE(seed);
      Random random(seed);
      LogWriter writer;
      std::size_t begin = 0;  // the first frame of this transaction
      for (int step = 0; step < 300; ++step) {
        writer.file.room =
            random.one_in(10) ? writer.model.size() + random.below(kFrameSize) : std::string::npos;
        const auto mark = static_cast<char>('a' + random.below(26));
        const unsigned what = random.below(10);
        if (what < 5) {
          // A fault leaves a header without a page, or nothing: SQLite goes back to where the frame began.
          const std::size_t frame = writer.frames();
          if (!writer.add_frame(mark, false)) writer.model.resize(LogWriter::offset_of(frame));
        } else if (what < 7) {
          if (writer.frames() > begin) {  // a page that changed again
            const std::size_t frame = random.between(begin, writer.frames() - 1);
            writer.put(std::string(kPageSize, mark), LogWriter::offset_of(frame) + 24);
          }
        } else if (what == 7) {
          const std::size_t frame = writer.frames();
          if (!writer.add_frame(mark, true)) {
            writer.model.resize(LogWriter::offset_of(frame));
            continue;
          }
          REQUIRE(writer.file.bytes.starts_with(writer.model));
          writer.file.room = std::string::npos;
          for (std::size_t i = random.between(begin, frame); i <= frame; ++i)
            REQUIRE(writer.put(frame_header(mark, i == frame), LogWriter::offset_of(i)));
          REQUIRE(writer.file.bytes.starts_with(writer.model));
          begin = writer.frames();
        } else if (what == 8) {
          const std::size_t from = random.between(std::size_t{0}, writer.model.size() - 1);
          std::string part(random.between(std::size_t{1}, writer.model.size() - from), ' ');
          const int code =
              writer.log.read(part.data(), static_cast<int>(part.size()), static_cast<sqlite3_int64>(from));
          if (code == SQLITE_OK) REQUIRE(part == writer.model.substr(from, part.size()));
          REQUIRE((code == SQLITE_OK || writer.file.room != std::string::npos));
        } else if (random.one_in(4)) {
          writer.log.discard();  // a rollback
          writer.model.resize(LogWriter::offset_of(begin));
        } else if (writer.log.flush() == SQLITE_OK) {
          REQUIRE(writer.file.bytes.starts_with(writer.model));
        }
      }
    }
  }
}

}  // namespace
}  // namespace crm
