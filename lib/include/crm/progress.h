// How far a long piece of work is.
#pragma once

#include <cstdint>
#include <functional>

namespace crm {

struct Progress {
  std::int64_t rows = 0;
  double part = 0;  // of the whole, from 0 to 1; 0 where that is not known
};
// Called from inside the work, every few thousand rows: it should be quick, and must not use the session.
using ProgressListener = std::function<void(const Progress&)>;

}  // namespace crm
