// Input without end: it must be refused soon, not read into memory.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string>

#include "crm/error.h"
#include "exchange/fault.h"
#include "exchange/row_source.h"
#include "unit/exchange/told.h"

namespace {

class Endless final : public crm::ByteSource {
 public:
  Endless(std::string head, std::string piece, std::size_t& used)
      : head_(std::move(head)), piece_(std::move(piece)), used_(used) {}

  std::size_t read(char* into, std::size_t size) override {
    REQUIRE(used_ < (std::size_t{64} << 20));
    for (std::size_t i = 0; i < size; ++i) {
      const std::size_t at = used_ + i;
      into[i] = at < head_.size() ? head_[at] : piece_[(at - head_.size()) % piece_.size()];
    }
    used_ += size;
    return size;
  }
  bool rewind() override { return false; }

 private:
  std::string head_;
  std::string piece_;
  std::size_t& used_;
};

// The message and the number of bytes taken from the source until it was refused.
std::pair<std::string, std::size_t> refused(const std::string& head, const std::string& piece,
                                            const std::string& file) {
  std::size_t used = 0;
  try {
    const auto source = crm::open_rows(std::make_unique<Endless>(head, piece, used), file);
    crm::InputRow row;
    while (source->next(row)) {
      if (row.fault) crm::throw_fault(*row.fault);
    }
  } catch (const crm::Error& error) {
    CHECK(error.code() == crm::ErrorCode::invalid);
    return {crm::test::told(error), used};
  }
  return {"", used};
}

}  // namespace

TEST_CASE("one endless line") {
  const auto [message, used] = refused("", "a", "-");
  CHECK(message == "-:1:1: a field of more than 1 MiB begins here");
  CHECK(used < (std::size_t{8} << 20));
}

TEST_CASE("an endless record") {
  CHECK(refused("", "a,", "x.csv").first == "x.csv:1:20001: more than 10,000 fields in a record");
  CHECK(refused("a,b\n", "\"", "x.csv").first ==
        "x.csv:2:1: a field in quotes of more than 1 MiB begins here");
  CHECK(refused("a,b\n1,\"", "x\n", "x.csv").first ==
        "x.csv:2:3: a field in quotes of more than 1 MiB begins here");
}

TEST_CASE("an endless JSON object") {
  CHECK(refused("", "{\"a\":", "x.jsonl").first == "x.jsonl:1: a record of more than 16 MiB begins here");
  CHECK(refused("[", "{\"a\":", "x.jsonl").first == "x.jsonl:1: a record of more than 16 MiB begins here");
  CHECK(refused("[{\"a\":\"", "x\n", "-").first == "-:1: a record of more than 16 MiB begins here");
}

TEST_CASE("endless NULs and wrong bytes") {
  CHECK(refused("a\n", std::string(1, '\0'), "x.csv").first.ends_with("a NUL character at byte offset 2"));
  CHECK(refused("a\n", "\xFF", "x.csv").first == "x.csv:2: invalid UTF-8 at byte offset 2");
}
