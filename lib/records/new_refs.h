// Which references there may be, while an import writes very many: of one that is surely new the table need
// not be asked.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string_view>

#include "crm/kind.h"
#include "store/connection.h"

namespace crm {

// A Bloom filter, in 8 MB whatever their number: of a million new ones it took none for known, of two million
// four, and of more ever more.
class NewRefs {
 public:
  // Knows those that the database has.
  explicit NewRefs(Connection& connection);

  bool may_be_known(Kind kind, std::string_view source, std::string_view key) const;
  // Whether it may have been known.
  bool note(Kind kind, std::string_view source, std::string_view key);
  // Whether it takes next to no new one for known.
  bool is_sharp() const;

 private:
  using Line = std::array<std::uint64_t, 8>;  // one of the processor's cache
  struct Bits {
    Line line{};
    std::size_t place = 0;
  };
  static Bits bits_of(Kind kind, std::string_view source, std::string_view key);

  struct Free {
    void operator()(Line* lines) const { std::free(lines); }  // NOLINT: of calloc()
  };
  std::size_t noted_ = 0;
  std::unique_ptr<Line[], Free> lines_;  // NOLINT: memory that is not touched costs nothing
};

}  // namespace crm
