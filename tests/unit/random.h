// Repeatable random numbers for property tests.
#pragma once

#include <cstdint>
#include <random>

namespace crm {

class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  // From `least` to `most`, both included.
  template <typename Number>
  Number between(Number least, Number most) {
    const auto span = static_cast<std::uint64_t>(most) - static_cast<std::uint64_t>(least);
    const std::uint64_t step = span == UINT64_MAX ? engine_() : engine_() % (span + 1);
    return static_cast<Number>(static_cast<std::uint64_t>(least) + step);
  }
  unsigned below(unsigned end) { return between(0U, end - 1); }
  bool one_in(unsigned count) { return below(count) == 0; }

 private:
  std::mt19937_64 engine_;
};

}  // namespace crm
